"""Precision against the card, and switches that save memory."""

from __future__ import annotations

from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.settings import Finding, Settings


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
