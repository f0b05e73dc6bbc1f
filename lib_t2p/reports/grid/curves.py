"""Numbers over training steps, made ready for a plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MAX_POINTS = 400
"""More points than this are averaged; a plot has no more pixels."""

_ORDER = ("loss/average", "loss/epoch", "lr/d*lr")
_TITLES = {
    "loss/current": "Loss of each step",
    "loss/average": "Loss, running average",
    "loss/epoch": "Loss, mean of each epoch",
    "lr/d*lr": "Learning rate that the optimizer found (d \u00d7 lr)",
    "lr/unet": "Learning rate of the U-Net",
    "lr/textencoder": "Learning rate of the text encoder",
    "time/seconds_per_step": "Seconds per step",
}


@dataclass(frozen=True)
class ScoreCurve:
    """One tag of one run.

    Attributes:
        run: folder name of the run.
        tag: a TensorBoard tag, such as `loss/average` or `lr/d*lr`.
        steps: optimizer steps, rising.
        values: as many as `steps`.
    """

    run: str
    tag: str
    steps: tuple[int, ...]
    values: tuple[float, ...]


def by_tag(curves: Sequence[ScoreCurve]) -> list[tuple[str, list[ScoreCurve]]]:
    """Group the curves for plotting, loss first; single steps only where there is no average."""
    groups: dict[str, list[ScoreCurve]] = {}
    for curve in map(finite, curves):
        if curve.steps:
            groups.setdefault(curve.tag, []).append(curve)
    if "loss/average" in groups:
        groups.pop("loss/current", None)
    return sorted(groups.items(), key=lambda item: _rank(item[0]))


def title_of(tag: str) -> str:
    """What people read above a plot."""
    return _TITLES.get(tag, tag)


def finite(curve: ScoreCurve) -> ScoreCurve:
    """The curve without NaN and infinite values."""
    points = zip(curve.steps, curve.values, strict=False)
    kept = [(step, value) for step, value in points if math.isfinite(value)]
    return ScoreCurve(curve.run, curve.tag, tuple(s for s, _ in kept), tuple(v for _, v in kept))


def thinned(curve: ScoreCurve, points: int = MAX_POINTS) -> list[tuple[float, float]]:
    """At most `points` (step, value) pairs, each the mean of a stretch; the last step is kept."""
    pairs: list[tuple[float, float]] = list(zip(curve.steps, curve.values, strict=True))
    if len(pairs) <= points:
        return pairs
    size = math.ceil(len(pairs) / (points - 1))
    parts = [pairs[n : n + size] for n in range(0, len(pairs), size)]
    means = [tuple(sum(v) / len(part) for v in zip(*part, strict=True)) for part in parts]
    return [(step, value) for step, value in means] + pairs[-1:]


def _rank(tag: str) -> tuple[int, str]:
    starts = [n for n, start in enumerate(_ORDER) if tag.startswith(start)]
    return min(starts, default=len(_ORDER)), tag
