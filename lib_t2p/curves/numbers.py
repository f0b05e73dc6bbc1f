"""A run in a few numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lib_t2p.curves.curve import Curve, Curves
from lib_t2p.curves.pace import minutes, seconds_per_step


@dataclass(frozen=True)
class CurveNumbers:
    """What curves amount to; None for what they do not tell.

    Attributes:
        steps: the last optimizer step.
        epochs: that were ended.
        final_average_loss: the last average loss; NaN when it is no number.
        least_average_loss: the lowest of an epoch, or of any step where no epoch ended.
        peak_dlr: the largest d x lr; None for optimizers without it.
        seconds_per_step: median.
        minutes: of training, without the time between a stop and its resume.
    """

    steps: int = 0
    epochs: int = 0
    final_average_loss: float | None = None
    least_average_loss: float | None = None
    peak_dlr: float | None = None
    seconds_per_step: float | None = None
    minutes: float | None = None


def numbers_of_curves(curves: Curves) -> CurveNumbers:
    """Count and measure."""
    stepwise = [c for tag, c in curves.by_tag.items() if not tag.startswith("loss/epoch")]
    average = curves.average if len(curves.average) else curves.epochs
    lowest = (curves.epochs if len(curves.epochs) else curves.average).finite()
    dlr = curves.dlr
    return CurveNumbers(
        steps=max((int(c.steps[-1]) for c in stepwise), default=0),
        epochs=_epochs(curves.epochs),
        final_average_loss=float(average.values[-1]) if len(average) else None,
        least_average_loss=float(lowest.values.min()) if len(lowest) else None,
        peak_dlr=float(dlr.values.max()) if len(dlr) else None,
        seconds_per_step=seconds_per_step(curves),
        minutes=minutes(curves),
    )


def finite_or_none(value: float | None) -> float | None:
    """JSON has no NaN and no infinity."""
    return value if value is not None and math.isfinite(value) else None


def _epochs(curve: Curve) -> int:
    if not len(curve):
        return 0
    # sd-scripts numbers the epochs, and a log may begin with a later one; others count steps.
    numbered = bool((np.diff(curve.steps) == 1).all())
    return int(curve.steps[-1]) if numbered and len(curve) > 1 else len(curve)
