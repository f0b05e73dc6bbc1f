"""Losses that ran away or are no numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib_t2p.curves.curve import Curves

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
