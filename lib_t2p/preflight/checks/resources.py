"""Files, packages, disk, memory, and precision against the card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lib_t2p.diffusion import Family
from lib_t2p.environment import INSTALLABLE, add_command, extra_of
from lib_t2p.plurals import counted, every
from lib_t2p.preflight.checks.facts import PREFIX, CheckFacts
from lib_t2p.preflight.forecast import StepPlan
from lib_t2p.preflight.forecasts.space import disk_bytes, held_mb, saved_model_count, vram_mb
from lib_t2p.settings import Finding, Need, Settings
from lib_t2p.settings.options import SD_SCRIPTS


def package_findings(_: Settings, facts: CheckFacts) -> list[Finding]:
    """One finding for each setting whose package is not there."""
    return [_missing(need, facts) for need in facts.installation.missing]


def _missing(need: Need, facts: CheckFacts) -> Finding:
    package = extra_of(need.module).package
    by_hand = install_words(package, facts.trainer, foreign=facts.installation.foreign)
    return Finding(
        "missing-package",
        "error",
        f"{need.setting} needs the package {package}, which the environment of {facts.trainer} "
        "lacks.",
        f"The run would end at once. {by_hand}" if need.fix else "The run would end at once.",
        need.fix,
        need.label if need.fix else by_hand.rstrip("."),
        package if _is_added(package, facts.trainer, facts.installation.foreign) else "",
    )


def install_words(package: str, trainer: str, *, foreign: bool) -> str:
    """How to get a package into the environment of a trainer, as a sentence."""
    if foreign:
        return f"Install {package} into the environment of sd-scripts that you named."
    if _is_added(package, trainer, foreign):
        return f"`{add_command(package, trainer.removeprefix(PREFIX))}` installs it there."
    return f"{package} depends on the torch that is there and is not installed by us."


def _is_added(package: str, trainer: str, foreign: bool) -> bool:
    return package in INSTALLABLE and trainer in SD_SCRIPTS and not foreign


def precision_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check precision; needs a known card for most of it."""
    card, found = facts.card, []
    if card is None:
        return []
    half = "bf16" if card.has_bf16 else "fp16"
    if settings.mixed_precision == "bf16" and not card.has_bf16:
        found.append(
            Finding(
                "no-bf16",
                "warning",
                f"{card.name} does not calculate in bf16.",
                "It is imitated, which is slow, or refused.",
                {"mixed_precision": "fp16", "full_bf16": False, "save_precision": "fp16"},
                "Use fp16",
            )
        )
    if settings.mixed_precision == "no":
        found.append(
            Finding(
                "full-32-bit",
                "warning",
                "The run is in 32 bit.",
                "In the guide's logs that takes 2.7 times as long for the same loss.",
                {"mixed_precision": half},
                f"Use {half}",
            )
        )
    if facts.is_sd_scripts and not (settings.xformers or settings.sdpa or settings.mem_eff_attn):
        found.append(
            Finding(
                "no-attention",
                "warning",
                "Neither xformers nor sdpa is switched on.",
                "sd-scripts then keeps whole attention matrices, which takes gigabytes more.",
                {"sdpa": True},
                "Use sdpa",
            )
        )
    return found


GB = 1e9
TIGHT = 0.9
"""More than this share of the free space leaves no room for anything else: ours."""


def resource_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check what must be there and what must fit."""
    found = [Finding("missing-file", "error", fault, "") for fault in facts.file_faults]
    if facts.forecast is not None and facts.plan is not None:
        found += _disk(settings, facts, facts.plan)
        found += _memory(settings, facts)
    return found


def _disk(settings: Settings, facts: CheckFacts, plan: StepPlan) -> list[Finding]:
    free, needed = facts.free_disk_bytes, facts.forecast.disk_bytes if facts.forecast else 0
    if free is None or needed <= free * TIGHT:
        return []
    count = saved_model_count(settings, plan.steps, plan.epochs)
    fix, label = _smaller_on_disk(settings, facts.family, plan, free)
    return [
        Finding(
            "disk-space",
            "error" if needed > free else "warning",
            f"The run writes about {needed / GB:.1f} GB ({counted(count, 'model')}, states, "
            "latents), and "
            f"{free / GB:.1f} GB are free.",
            "It would end in the middle when the disk is full.",
            fix,
            label,
        )
    ]


def _smaller_on_disk(
    settings: Settings, family: Family, plan: StepPlan, free: int
) -> tuple[dict[str, Any], str]:
    interval = max(1, plan.epochs // 3)
    fewer = {"save_every_n_epochs": interval, "save_every_n_steps": None}
    tries: list[tuple[dict[str, Any], str]] = [
        ({"save_precision": "bf16"}, "Save in 16 bit"),
        (fewer, f"Save {every(interval, 'epoch')}"),
        ({**fewer, "save_precision": "bf16"}, f"Save {every(interval, 'epoch')} in 16 bit"),
    ]
    for fix, label in tries:
        changed = replace(settings, **fix)
        if disk_bytes(changed, family, plan.steps, plan.epochs, plan.files) <= free * TIGHT:
            return fix, label
    return {}, "Free some space, or move the workspace to another drive"


def _memory(settings: Settings, facts: CheckFacts) -> list[Finding]:
    card, forecast = facts.card, facts.forecast
    if card is None or forecast is None or forecast.vram_mb <= card.free_mb:
        return []
    impossible = held_mb(settings, facts.family, facts.base_size) > card.total_mb
    fix, label = _smaller_on_card(settings, facts.family, card.free_mb)
    return [
        Finding(
            "vram",
            "error" if impossible else "warning",
            f"The run takes about {forecast.vram_mb / 1024:.1f} GB of the card's memory, and "
            f"{card.free_mb / 1024:.1f} of {card.total_mb / 1024:.1f} GB are free.",
            "Out of memory, or 20 to 100 times slower where the driver moves memory to the "
            "computer's.",
            fix,
            label,
        )
    ]


def _smaller_on_card(
    settings: Settings, family: Family, free_mb: int
) -> tuple[dict[str, Any], str]:
    for fix, label in _savings(settings):
        if vram_mb(replace(settings, **fix), family) <= free_mb:
            return fix, label
    return {}, "Close other programs, take the low-vram recipe, or a lower resolution and rank"


def _savings(settings: Settings) -> Iterator[tuple[dict[str, Any], str]]:
    fix: dict[str, Any] = {}
    labels = []
    steps: list[tuple[str, Any, str]] = [
        ("gradient_checkpointing", True, "Gradient checkpointing"),
        ("cache_latents", True, "cached latents"),
        ("train_batch_size", 1, "batch 1"),
    ]
    if settings.mixed_precision == "no":
        steps.insert(0, ("mixed_precision", "fp16", "fp16"))
    for name, value, label in steps:
        if getattr(settings, name) != value:
            fix = {**fix, name: value}
            labels.append(label)
            yield fix, ", ".join(labels)
