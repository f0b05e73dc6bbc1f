"""Options that the chosen trainer does not have."""

from __future__ import annotations

from lib_t2p.training.checks.facts import CheckFacts
from lib_t2p.training.checks.finding import Finding
from lib_t2p.training.options.option import BUILTIN, Option
from lib_t2p.training.settings import Settings, unknown_to
from lib_t2p.training.trainer_faults import trainer_faults

NEEDLESS = frozenset(
    ("sdpa", "xformers", "cache_latents_to_disk", "cache_text_encoder_outputs_to_disk")
    + ("max_data_loader_n_workers", "persistent_data_loader_workers", "lowram", "highvram")
    + ("skip_cache_check", "cache_info", "disable_mmap_load_safetensors")
)
"""Change how sd-scripts works and not what is learnt: the built-in trainer does without them."""


def trainer_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check that the trainer knows all that was changed."""
    family = facts.family.value
    unknown = unknown_to(settings, facts.trainer, family)
    found = [
        _unknown(option, facts)
        for option in unknown
        if facts.trainer != BUILTIN or option.name not in NEEDLESS
    ]
    # The first faults are those of the unknown options, which have a button above.
    faults = trainer_faults(settings, facts.trainer, family)[len(unknown) :]
    return found + [Finding("unknown-value", "error", fault, "") for fault in faults]


def _unknown(option: Option, facts: CheckFacts) -> Finding:
    known = ", ".join(sorted(option.trainers))
    what = f"{facts.trainer} does not know {option.name}"
    if facts.trainer in option.trainers:
        what = f"{facts.trainer} has no {option.name} for {facts.family.name}"
    return Finding(
        "unknown-option",
        "error",
        f"{what}; {known} would.",
        "It would end at once with an error." if facts.is_sd_scripts else "It would be ignored.",
        {option.name: option.default},
        f"Leave {option.name} out",
    )
