"""Which epoch a step belongs to."""

from __future__ import annotations

import numpy as np

from lib_t2p.curves.curve import Curves, Numbers


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
