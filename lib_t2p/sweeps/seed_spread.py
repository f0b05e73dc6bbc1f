"""How much of a difference is noise: the spread of runs that differ in their seeds only."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.sweeps.sweep_results import RunResult


@dataclass(frozen=True)
class SeedGroup:
    """The finished runs of one group.

    Attributes:
        name: of the group.
        losses: last average loss of each.
        mean: of them.
        spread: largest minus smallest; None with a single run.
    """

    name: str
    losses: tuple[float, ...]
    mean: float
    spread: float | None


def groups_of(results: Sequence[RunResult]) -> list[SeedGroup]:
    """The groups that have finished runs with a loss, in the order of the sweep."""
    by_name: dict[str, list[float]] = {}
    for result in results:
        if result.is_finished and result.last_loss is not None:
            by_name.setdefault(result.group, []).append(result.last_loss)
    return [
        SeedGroup(
            name,
            tuple(losses),
            statistics.fmean(losses),
            max(losses) - min(losses) if len(losses) > 1 else None,
        )
        for name, losses in by_name.items()
    ]


def noise_floor(groups: Sequence[SeedGroup]) -> float | None:
    """The largest spread of equal settings; None without repeats."""
    return max((g.spread for g in groups if g.spread is not None), default=None)


def noise_sentence(groups: Sequence[SeedGroup], incomparable: Sequence[str]) -> str:
    """What the losses of the sweep allow to say.

    Args:
        groups: of the sweep.
        incomparable: names of settings that differ and change what the loss measures.
    """
    if incomparable:
        named = " and ".join(incomparable)
        return (
            f"The runs differ in {named}, which changes what the loss measures: do not compare it."
        )
    floor = noise_floor(groups)
    if floor is None:
        return (
            "Nothing was repeated, so it is not known which differences of the last average loss "
            "are noise. Add repeats to know."
        )
    means = [group.mean for group in groups]
    range_ = max(means) - min(means)
    told = f"Equal settings with other seeds differ by up to {floor:.4f} in the last average loss"
    if len(means) > 1 and range_ <= floor:
        return f"{told}, and all settings lie within {range_:.4f}: no difference seen."
    return f"{told}: smaller differences between settings are noise."
