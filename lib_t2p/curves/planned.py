"""Epochs that were planned against those that were trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib_t2p.curves.curve import Curves
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
