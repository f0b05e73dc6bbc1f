"""Options that the chosen trainer does not have."""

from __future__ import annotations

from lib_t2p.training.checks.facts import CheckFacts
from lib_t2p.training.checks.finding import Finding
from lib_t2p.training.settings import Settings, unknown_to
from lib_t2p.training.trainer_faults import trainer_faults


def trainer_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check that the trainer knows all that was changed."""
    family = facts.family.value
    unknown = unknown_to(settings, facts.trainer, family)
    found = [
        Finding(
            "unknown-option",
            "error",
            f"{facts.trainer} has no {option.name} for {facts.family.name}.",
            "It would end at once with an error." if facts.is_sd_scripts else "It would ignore it.",
            {option.name: option.default},
            f"Leave {option.name} out",
        )
        for option in unknown
    ]
    named = len(unknown)
    # The first faults are those of the unknown options, which have a button above.
    faults = trainer_faults(settings, facts.trainer, family)[named:]
    return found + [Finding("unknown-value", "error", fault, "") for fault in faults]
