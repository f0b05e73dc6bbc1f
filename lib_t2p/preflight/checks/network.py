"""Rank and alpha."""

from __future__ import annotations

from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.settings import Finding, Settings, is_adaptive, trained_rates

NARROWEST = 320
"""Width of the narrowest layers of both U-Nets: a higher rank adds nothing there."""

WEAK = 4e-6
"""Rate x alpha / rank below which a LoRA hardly moves: ours, a hundredth of what 1e-4 with an
alpha near the rank gives, which people commonly use, and rounded up."""


def network_findings(settings: Settings, _: CheckFacts) -> list[Finding]:
    """Check rank and scale."""
    rank, alpha = settings.network_dim, settings.network_alpha
    found = []
    if alpha > rank:
        found.append(
            Finding(
                "strong-scale",
                "warning",
                f"Alpha {alpha:g} above rank {rank} multiplies the LoRA by {alpha / rank:g}.",
                "It is likely to be overdone after few steps; alpha from 1 to the rank is usual.",
                {"network_alpha": float(rank)},
                "Set alpha to the rank",
            )
        )
    scale = alpha / rank if alpha else 1.0
    rate = max(trained_rates(vars(settings)), default=0.0)
    if not is_adaptive(settings.optimizer_type) and 0 < rate * scale < WEAK:
        found.append(
            Finding(
                "weak-scale",
                "warning",
                f"Alpha {alpha:g} at rank {rank} multiplies the LoRA by {scale:.3g}, at a "
                f"learning rate of {rate:g}.",
                f"{settings.optimizer_type} does not make up for it, as D-Adaptation would: "
                "little is learnt.",
                {"network_alpha": float(rank)},
                "Set alpha to the rank",
            )
        )
    if rank > NARROWEST:
        found.append(
            Finding(
                "high-rank",
                "note",
                f"Rank {rank} is above the {NARROWEST} channels of the narrowest layers.",
                "The file grows and these layers gain nothing; the guide settled on 192.",
                {"network_dim": 192},
                "Set the rank to 192",
            )
        )
    return found
