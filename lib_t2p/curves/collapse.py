"""A loss that rose far above what it was, and perhaps came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from lib_t2p.curves.curve import Curves, Numbers
from lib_t2p.curves.paired_steps import paired, step_logs

COLLAPSED = 1.7
"""Of the median loss of a stretch over that of all steps before. In the guide the one collapse
reaches 1.97 and no other run more than 1.56, photos of other shapes and 1280 px included."""

SURE = 5.0
"""Standard errors by which the rise must stand out: at batch size 1 fifty steps may lie 1.8 times
as high by chance, which is 2.1 of them; the guide's collapse has 5.8 when 250 steps are known."""

BESIDE = 1.5
"""Of a stretch over a run with the same photos and timesteps; in the guide the collapse reaches
2.8 and no other more than 1.26."""

EDGE = 1.3
"""A stretch lasts as long as the loss is so many times the usual."""

SHORTEST, STRETCHES, SMOOTHED = 50, 20, 21
LEAST_BEFORE = 50
_OF_MEDIAN = 1.2533
"""Standard error of a median by that of a mean, of normal numbers."""


@dataclass(frozen=True)
class Collapse:
    """A stretch of a run.

    Attributes:
        first, last: steps of the stretch.
        usual: median loss before it.
        high: median loss in it.
        after: median loss behind it; None when it lasts to the last step.
        dlr: highest d x lr in it; None without.
        most_dlr: of the whole run.
        beside: name of the run with the same photos and timesteps that it was seen by; may be
            empty.
        times: of that run's loss, in the stretch; 0 without.
        dlr_times: of that run's highest d x lr; None where not known.
    """

    first: int
    last: int
    usual: float
    high: float
    after: float | None
    dlr: float | None = None
    most_dlr: float | None = None
    beside: str = ""
    times: float = 0.0
    dlr_times: float | None = None


def collapse_of(curves: Curves) -> Collapse | None:
    """The highest stretch of a run that stands far above the run's own past; None without."""
    steps, logs = step_logs(curves)
    at = _highest(logs)
    if at is None:
        return None
    usual = float(np.median(logs[: at[0]]))
    return _bounded(curves, steps, logs, _rolling(logs) - usual, sum(at) // 2)


def collapse_beside(curves: Curves, others: Mapping[str, Curves]) -> Collapse | None:
    """The same, seen by runs with the same photos and timesteps in the same order.

    Args:
        curves: of the run.
        others: of its siblings, by name.
    """
    found = [c for name, other in others.items() if (c := _beside(curves, name, other))]
    return max(found, key=lambda collapse: collapse.times, default=None)


def _beside(curves: Curves, name: str, other: Curves) -> Collapse | None:
    pair = paired(curves, other)
    if pair is None or not pair.same_order:
        return None
    (a, x), (b, y) = step_logs(curves), step_logs(other)
    steps, left, right = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    if len(steps) < SHORTEST + LEAST_BEFORE:
        return None
    logs = x[left]
    above = _rolling(logs - y[right] - float(np.median(logs - y[right])))
    top = int(above.argmax())
    if above[top] < np.log(BESIDE):
        return None
    found = _bounded(curves, steps, logs, above, top)
    mine, theirs = (float(c.dlr.values.max(initial=0.0)) for c in (curves, other))
    return found and replace(
        found,
        beside=name,
        times=float(np.exp(_mean_within(steps, above, found))),
        dlr_times=mine / theirs if mine and theirs else None,
    )


def _mean_within(steps: Numbers, above: Numbers, found: Collapse) -> float:
    within = (steps >= found.first) & (steps <= found.last)
    return float(above[within].mean())


def _highest(logs: Numbers) -> tuple[int, int] | None:
    """Where the highest stretch begins and ends; None when it does not stand out."""
    width = max(SHORTEST, len(logs) // STRETCHES)
    best, at = np.log(COLLAPSED), None
    for start in range(max(width, LEAST_BEFORE), len(logs) - width + 1, max(width // 5, 1)):
        before, there = logs[:start], logs[start : start + width]
        rise = float(np.median(there) - np.median(before))
        if rise >= best and rise >= SURE * np.hypot(_error(before), _error(there)):
            best, at = rise, (start, start + width)
    return at


def _error(logs: Numbers) -> float:
    spread = 1.4826 * float(np.median(np.abs(logs - np.median(logs))))
    return float(_OF_MEDIAN * spread / len(logs) ** 0.5)


def _rolling(logs: Numbers) -> Numbers:
    """Median of the steps around each."""
    half = SMOOTHED // 2
    padded = np.pad(logs, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, SMOOTHED)
    return np.asarray(np.median(windows, axis=1), np.float64)


def _bounded(
    curves: Curves, steps: Numbers, logs: Numbers, above: Numbers, top: int
) -> Collapse | None:
    """The stretch around `top` in which `above`, a log ratio, is far above 0."""
    low = above < np.log(EDGE)
    before, behind = np.flatnonzero(low[:top]), np.flatnonzero(low[top:])
    start = int(before[-1]) + 1 if len(before) else 0
    end = top + int(behind[0]) if len(behind) else len(logs)
    # What is high from the first step on has no better past.
    if start < SMOOTHED or end <= start:
        return None
    dlr = curves.dlr
    there = dlr.values[(dlr.steps >= steps[start]) & (dlr.steps <= steps[end - 1])]
    return Collapse(
        int(steps[start]),
        int(steps[end - 1]),
        float(np.exp(np.median(logs[:start]))),
        float(np.exp(np.median(logs[start:end]))),
        float(np.exp(np.median(logs[end:]))) if len(logs) - end >= SMOOTHED // 2 else None,
        float(there.max()) if len(there) else None,
        float(dlr.values.max()) if len(dlr) else None,
    )
