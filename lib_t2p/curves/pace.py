"""Seconds per step, and whether a training became slow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lib_t2p.curves.curve import Curves, Numbers

PACE_TAG = "time/seconds_per_step"

SLOW = 2.0
"""Of the run's own earlier pace. In the guide's logs the slowest tenth of a healthy run took at
most 1.24 times the fastest; memory that spills to the machine costs 20 to 100 (DESIGN.md)."""

SLOW_FORECAST = 3.0
"""A forecast is a guess, so more is needed."""

LEAST_SLOWER = 0.1
"""Seconds per step; less is other work on the machine."""

BLOCKS, SHORTEST_BLOCK = 20, 10
PAUSE, LONGEST_PAUSE = 20.0, 600.0
"""An interval so many times the median, and so many seconds, is no training: it was stopped."""


@dataclass(frozen=True)
class Slowdown:
    """A stretch of slow steps: where it begins, seconds per step there and before."""

    step: int
    seconds: float
    before: float


@dataclass(frozen=True)
class Intervals:
    """Times between two numbers of a run.

    Attributes:
        ends: step that ends each.
        steps: that each has, usually 1.
        seconds: per step.
    """

    ends: Numbers
    steps: Numbers
    seconds: Numbers


def intervals(curves: Curves) -> Intervals:
    """As a trainer told them, or from the times of the losses."""
    told = curves.get(PACE_TAG).finite()
    if len(told):
        return Intervals(told.steps.astype(float), np.ones(len(told)), told.values)
    curve = curves.loss if len(curves.loss) else curves.rate
    steps = np.diff(curve.steps).astype(float)
    seconds = np.diff(curve.times) / steps
    # The clock may be set back, and a resumed training writes some steps anew.
    good = np.isfinite(seconds) & (seconds >= 0)
    return Intervals(curve.steps[1:][good].astype(float), steps[good], seconds[good])


def seconds_per_step(curves: Curves) -> float | None:
    """Median, so that pauses for pictures and saves do not count; None without times."""
    seconds = intervals(curves).seconds
    return float(np.median(seconds)) if len(seconds) else None


def minutes(curves: Curves) -> float | None:
    """Time of training; what lies between a stop and its resume is not counted."""
    found = intervals(curves)
    if not len(found.seconds):
        return None
    usual = float(np.median(found.seconds))
    away = found.seconds > max(PAUSE * usual, LONGEST_PAUSE)
    return float((np.where(away, usual, found.seconds) * found.steps).sum() / 60)


def slowdown(curves: Curves) -> Slowdown | None:
    """The first lasting stretch that is slower than what came before."""
    found = intervals(curves)
    seconds = found.seconds
    block = max(SHORTEST_BLOCK, len(seconds) // BLOCKS)
    medians = [
        float(np.median(seconds[i : i + block])) for i in range(0, len(seconds) - block + 1, block)
    ]
    for index in range(1, len(medians) - 1):
        before = float(np.median(medians[:index]))
        # Two blocks in a row: one may be a slow picture or another program's start.
        slow = min(medians[index : index + 2])
        if is_slower(slow, before, SLOW):
            return Slowdown(int(found.ends[index * block]), slow, before)
    return None


def is_slower(seconds: float, usual: float, factor: float) -> bool:
    """Whether a pace is worth a word."""
    limit = max(factor * usual, usual + LEAST_SLOWER)
    return math.isfinite(seconds) and seconds > limit
