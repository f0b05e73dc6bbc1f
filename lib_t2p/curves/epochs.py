"""Epochs and their losses: of a step, planned against trained, run away, or no numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lib_t2p.curves.curve import Curves, Numbers
from lib_t2p.curves.numbers import numbers_of_curves

ENDED = 0.02
"""Of the last rate to the highest: a falling schedule that came to its end."""


def shortened(curves: Curves, values: Mapping[str, Any]) -> str:
    """A sentence on a run that trained fewer epochs than planned; empty for others.

    The GUI counts photos x repeats x epochs / batch, and sd-scripts trains so many steps. Where
    photos of several shapes leave their buckets filled in part, an epoch takes more steps than
    counted, and fewer epochs are trained.

    Args:
        curves: of a run that is over.
        values: of its config, by sd-scripts' names.
    """
    planned = values.get("max_train_epochs")
    numbers = numbers_of_curves(curves)
    if not isinstance(planned, int) or planned < 1 or not 0 < numbers.epochs < planned:
        return ""
    trained = f"{numbers.epochs} of {planned} planned epochs were trained"
    if not _to_its_end(curves, numbers.steps, planned):
        return f"Only {trained}: it was stopped at step {numbers.steps}."
    counted = numbers.steps / planned
    took = -(-numbers.steps // numbers.epochs)
    return (
        f"Only {trained}, since {numbers.steps} steps were counted for photos in full batches: "
        f"{counted:.3g} steps an epoch, and it took {took}. Photos of several shapes leave their "
        "buckets filled in part; crop them alike, or plan more steps."
    )


def _to_its_end(curves: Curves, steps: int, planned: int) -> bool:
    """By the schedule; where it does not fall, by steps that make whole epochs of the plan."""
    rate = curves.rate.finite().values
    if len(rate) and rate.max() > 0 and rate.min() < rate.max():
        return bool(rate[-1] <= ENDED * rate.max())
    return steps % planned == 0


def epochs_of(curves: Curves, first: int, last: int) -> tuple[int, int] | None:
    """The epochs, from 1, of two steps; None where no epoch ended."""
    ends = _ends(curves)
    if not len(ends):
        return None
    from_, to = np.searchsorted(ends, [first, last], side="left") + 1
    return int(from_), int(to)


def _ends(curves: Curves) -> Numbers:
    """The step that ended each epoch, as far as epochs ended."""
    told, loss = curves.epochs, curves.loss
    if not len(told) or not len(loss):
        return np.zeros(0)
    if len(told) > 1 and not (np.diff(told.steps) == 1).all():
        return told.steps.astype(float)
    if np.isfinite(told.times).all() and np.isfinite(loss.times).all():
        done = np.searchsorted(loss.times, told.times, side="right")
        return np.array(loss.steps[np.maximum(done, 1) - 1], np.float64)
    count = int(told.steps[-1])
    even = [np.ceil(epoch * loss.steps[-1] / count) for epoch in range(1, count + 1)]
    return np.array(even, np.float64)


DIVERGED = 2.5
"""Over the best earlier stretch. In the guide's logs no two tenths of a run differ by more than
1.4 times."""

STRETCHES, SHORTEST = 10, 20


@dataclass(frozen=True)
class Runaway:
    """Loss of the best stretch and of the last, and the step at which the last begins."""

    best: float
    last: float
    step: int


def first_nan(curves: Curves) -> tuple[int, int, int] | None:
    """The first step whose loss is no number, how many there are, and of how many."""
    curve = curves.loss
    bad = ~np.isfinite(curve.values)
    if not bad.any():
        return None
    return int(curve.steps[np.argmax(bad)]), int(bad.sum()), len(curve)


def runaway(curves: Curves) -> Runaway | None:
    """A loss that ends far above what it was; None for others and for very short runs."""
    curve = curves.loss.finite()
    width = max(SHORTEST, len(curve) // STRETCHES)
    # Counted from the end; the median forgives the odd picture that is hard to learn.
    ends = range(len(curve), width - 1, -width)
    medians = [float(np.median(curve.values[end - width : end])) for end in ends]
    if len(medians) < 2 or medians[0] <= DIVERGED * min(medians[1:]):
        return None
    return Runaway(min(medians[1:]), medians[0], int(curve.steps[-width]))
