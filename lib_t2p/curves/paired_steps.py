"""Two runs compared step by step.

Most of a step's loss is the luck of its timestep, its noise and its photo. Runs that drew the same
differ in what they learned alone, so the ratio of their losses tells much more than two averages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib_t2p.curves.curve import Curves, Numbers

EQUAL_DRAWS = 0.99
"""Of the correlation of log losses. Of the 7,503 pairs of the guide's 123 runs none lies between
0.988 and 0.991; other ranks, whose first weights use up random numbers, reach 0.988."""

SAME_ORDER = 0.95
"""Of the correlation of their changes from step to step, which a collapse leaves: the same photos
and timesteps in the same order."""

FIRST = 10
"""Steps at the start in which next to nothing was learned: what differs there, differs before."""

ONE_TRACK, ONE_TRACK_STEP = 0.001, 0.004
"""Of the log ratio of the first steps, their median and each of them. With one checkpoint the
guide's are at most 0.0006 and 0.0036 on one track, and 0.04 between the two; checkpoints alone
differ by more than one of these, however near their levels are."""

STEADY = 0.02
"""Of the log ratio of a stretch against that of all; between the guide's tracks at most 0.008."""

LEAST_STEPS, STRETCHES = 50, 20
T_975 = 2.093
"""Student's t, 19 degrees of freedom, two-sided 95 %."""


@dataclass(frozen=True)
class Paired:
    """One run against another.

    Attributes:
        steps: that both have.
        correlation: of their log losses.
        order: correlation of the changes of their log losses from step to step.
        ratio: median of the losses of the steps, one run's by the other's.
        low, high: 95 % interval of the ratio over stretches of the run.
        start: the same of the first ten steps; None when they do not begin together.
        start_widest: largest absolute log ratio of one of these steps.
        widest: largest absolute log ratio of a stretch against that of all.
    """

    steps: int
    correlation: float
    order: float
    ratio: float
    low: float
    high: float
    start: float | None
    start_widest: float
    widest: float

    @property
    def equal_draws(self) -> bool:
        """They share timesteps, noise and photos of every step."""
        return self.correlation >= EQUAL_DRAWS

    @property
    def same_order(self) -> bool:
        """They share photos and timesteps, whatever one of them did in between."""
        return self.order >= SAME_ORDER

    @property
    def one_track(self) -> bool:
        """They share their draws, and their losses began alike."""
        return (
            self.equal_draws
            and self.start is not None
            and abs(np.log(self.start)) <= ONE_TRACK
            and self.start_widest <= ONE_TRACK_STEP
        )

    @property
    def steady(self) -> bool:
        """One is above the other by the same factor all the time."""
        return self.widest <= STEADY


def paired(run: Curves, other: Curves) -> Paired | None:
    """Compare the losses of the steps that two runs share.

    Returns:
        None when the losses of single steps are not known, or fewer than 50 are shared.
    """
    x, y, first = _shared(run, other)
    if len(x) < LEAST_STEPS or not x.std() or not y.std():
        return None
    logs = x - y
    middle = float(np.median(logs))
    parts = np.array([np.median(part) for part in np.array_split(logs, STRETCHES)])
    reach = T_975 * float(parts.std(ddof=1)) / STRETCHES**0.5
    return Paired(
        steps=len(x),
        correlation=float(np.corrcoef(x, y)[0, 1]),
        order=float(np.corrcoef(np.diff(x), np.diff(y))[0, 1]),
        ratio=float(np.exp(middle)),
        low=float(np.exp(middle - reach)),
        high=float(np.exp(middle + reach)),
        start=float(np.exp(np.median(logs[:FIRST]))) if first else None,
        start_widest=float(np.abs(logs[:FIRST]).max()),
        widest=float(np.abs(parts - middle).max()),
    )


def step_logs(curves: Curves) -> tuple[Numbers, Numbers]:
    """Steps and log losses of single steps, those that are positive numbers."""
    curve = curves.get("loss/current").finite()
    keep = curve.values > 0
    return curve.steps[keep].astype(float), np.log(curve.values[keep])


def _shared(run: Curves, other: Curves) -> tuple[Numbers, Numbers, bool]:
    """Log losses of both at the steps that both have; whether these begin with the first."""
    (a, x), (b, y) = step_logs(run), step_logs(other)
    steps, left, right = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    return x[left], y[right], bool(len(steps)) and steps[0] <= 1
