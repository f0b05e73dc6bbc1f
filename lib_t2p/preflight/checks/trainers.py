"""Options that the chosen trainer does not have."""

from __future__ import annotations

from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.settings import Finding, Settings, changed_values, trainer_faults, unknown_to
from lib_t2p.settings.options import BUILTIN, Option, all_options

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
    found += _no_tag(settings, facts)
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


def _no_tag(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """A checkout that is not one of the tags has options of its own."""
    folder, options = facts.installation.folder, facts.installation.options
    if folder is None:
        return []
    table, family = all_options(), facts.family.value
    known = {n for n, o in table.items() if o.known_to(facts.trainer, family)}
    what = f"The sd-scripts in {folder} is not one of the releases that are known here"
    if not options:
        why = "Settings that it does not know would be passed over without a word."
        what = f"{what}, and its options cannot be read."
        return [Finding("no-tag", "warning", what, why, fix_label="Name a release's folder")]
    more, less = sorted(options - known), sorted(known - options)
    told = [f"it has {_some(more)}, not known here"] if more else []
    told += [f"it lacks {_some(less)}"] if less else []
    found = [
        Finding(
            "no-tag",
            "warning" if told else "note",
            f"{what}; nearest is {facts.trainer.removeprefix('sd-scripts-')}"
            f"{': ' if told else ''}{'; '.join(told)}.",
            "It may train otherwise than the release does.",
        )
    ]
    lost = [n for n in changed_values(settings) if n in known and n not in options]
    return found + [
        Finding(
            "unknown-option",
            "error",
            f"The sd-scripts in {folder} has no {name}.",
            "It would pass it over without a word.",
            {name: table[name].default},
            f"Leave {name} out",
        )
        for name in lost
    ]


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
