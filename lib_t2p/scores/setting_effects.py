"""What each setting of a sweep does to the likeness, against what mere chance does.

Two runs that differ in one setting are compared on pictures of the same prompt and seed. The
interval of that difference speaks of pictures only: two runs with equal settings and other seeds
differ too. So a difference counts when its interval excludes 0 and it is larger than the spread
of repeats.
"""

from __future__ import annotations

import statistics
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from lib_t2p.scores.verdict.scores import Scores
from lib_t2p.scores.verdict.statistics import Difference, Picture, paired_difference


@dataclass(frozen=True)
class ComparedRun:
    """A run as its settings name it.

    Attributes:
        stem: of the saved model that stands for it.
        labels: axis -> value; an axis that is missing has the base's value.
        repeat: from 0; runs with equal labels differ in their seeds only.
    """

    stem: str
    labels: Mapping[str, str]
    repeat: int = 0


@dataclass(frozen=True)
class Effect:
    """One value of a setting against another one.

    Attributes:
        axis: the setting.
        value: of it.
        against: the value that it is compared with.
        difference: mean distance with `value` minus that with `against`, over pictures that differ
            in nothing else; negative is nearer to the person.
        repeat_spread: largest difference between repeats; None without repeats.
    """

    axis: str
    value: str
    against: str
    difference: Difference
    repeat_spread: float | None

    @property
    def seen(self) -> bool:
        """The difference is more than pictures and repeats make by chance."""
        spread = self.repeat_spread or 0.0
        return self.difference.seen and abs(self.difference.mean) > spread

    @property
    def words(self) -> str:
        """The effect in a sentence."""
        what = f"{self.axis} {self.against} to {self.value}"
        if not self.difference.pairs:
            return f"{what}: not compared, no pictures with a face differ in nothing else."
        if not self.difference.enough:
            return f"{what}: too few seeds with a face to tell ({self.difference.mean:+.3f})."
        told = f"{what}: {abs(self.difference.mean):.3f}"
        interval = f"{self.difference.low:+.3f} to {self.difference.high:+.3f}"
        if not self.seen:
            return f"{what}: no difference seen ({self.difference.mean:+.3f}, {interval})."
        better = "nearer" if self.difference.mean < 0 else "farther"
        unknown = "" if self.repeat_spread is not None else "; nothing was repeated to tell noise"
        return f"{told} {better} ({interval}){unknown}."


def effects(runs: Sequence[ComparedRun], scores: Scores) -> list[Effect]:
    """Compare the values of every axis with its first one.

    Args:
        runs: in the order of the sweep; the first one's value of an axis is what the others are
            compared with.
        scores: of a grid that shows each run's model.

    Returns:
        One effect for each further value of each axis, in the order of the runs. Intervals are
        corrected for their number.
    """
    pictures = {run.stem: _pictures(scores, run.stem) for run in runs}
    spread = _repeat_spread(runs, pictures)
    wanted = [
        (axis, value, values[0])
        for axis in dict.fromkeys(axis for run in runs for axis in run.labels)
        for values in [list(dict.fromkeys(run.labels.get(axis, BASE) for run in runs))]
        for value in values[1:]
    ]
    return [
        Effect(
            axis,
            value,
            against,
            paired_difference(
                _pooled(runs, pictures, axis, value),
                _pooled(runs, pictures, axis, against),
                comparisons=len(wanted),
            ),
            spread,
        )
        for axis, value, against in wanted
    ]


BASE = "base"
"""Value of an axis that a run does not name."""


def _pictures(scores: Scores, stem: str) -> dict[Picture, float]:
    return {
        Picture(cell.seed, cell.prompt, cell.point, cell.weight): cell.distance
        for cell in scores.cells
        if cell.model == stem and cell.distance is not None
    }


def _pooled(
    runs: Sequence[ComparedRun],
    pictures: Mapping[str, Mapping[Picture, float]],
    axis: str,
    value: str,
) -> dict[Picture, float]:
    """Pictures of all runs with a value, keyed by everything but the axis."""
    pooled: dict[Picture, float] = {}
    for run in runs:
        if run.labels.get(axis, BASE) != value:
            continue
        rest = tuple(sorted((k, v) for k, v in run.labels.items() if k != axis))
        for key, distance in pictures[run.stem].items():
            pooled[key._replace(rest=(rest, run.repeat, key.rest))] = distance
    return pooled


def _repeat_spread(
    runs: Sequence[ComparedRun], pictures: Mapping[str, Mapping[Picture, float]]
) -> float | None:
    groups: dict[Hashable, list[float]] = {}
    for run in runs:
        if pictures[run.stem]:
            mean = statistics.fmean(pictures[run.stem].values())
            groups.setdefault(tuple(sorted(run.labels.items())), []).append(mean)
    spreads = [max(means) - min(means) for means in groups.values() if len(means) > 1]
    return max(spreads, default=None)
