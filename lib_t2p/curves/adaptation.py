"""What the step size d of D-Adaptation and Prodigy did.

d is told as d x lr. Divided by the schedule it shows itself: it grows from its start, at most by
the growth rate each step, until it has found its size, and hardly changes from there.
Defazio and Mishchenko, "Learning-Rate-Free Learning by D-Adaptation", 2023.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib_t2p.curves.curve import Curve, Curves, Numbers

START = 1e-6
"""d0 of the dadaptation and prodigyopt packages, unless the arguments say otherwise."""

UNCLEAR = 1e-3
"""Below this share of the highest rate, d x lr is too small to be divided."""

SETTLED = 1 / 3
"""d counts as found at this share of its largest value; small steps up later are usual."""

WINDOWS, SHORTEST_WINDOW = 10, 10
LEAST_GROWTH, AS_FAST = 2.0, 0.7
"""Of d over its start, and of its last pace over its fastest, to be called growing."""


@dataclass(frozen=True)
class Adaptation:
    """d over the steps.

    Attributes:
        steps: where d can be told.
        d: at those steps.
        rate: the scheduled rate there.
        last_step: of the run.
    """

    steps: Numbers
    d: Numbers
    rate: Numbers
    last_step: int

    @property
    def growth(self) -> float:
        """The largest d over the first."""
        return float(self.d.max() / self.d[0])

    @property
    def settled_at(self) -> int:
        """The step at which d had nearly found its size."""
        return int(self.steps[self._settled])

    @property
    def share_left(self) -> float:
        """Of all that the schedule gives, 0 to 1, the part after d was found."""
        return float(self.rate[self._settled :].sum() / self.rate.sum())

    @property
    def still_growing(self) -> bool:
        """At the end d grows as fast as it ever did, and it did grow."""
        slopes = self._slopes()
        if len(slopes) < 2 or self.growth < LEAST_GROWTH:
            return False
        whole = float(np.log(self.d[-1] / self.d[0]) / (self.steps[-1] - self.steps[0]))
        return slopes[-1] >= AS_FAST * max(*slopes, whole)

    @property
    def per_step(self) -> float:
        """The fastest growth per step, such as 1.02."""
        return float(np.exp(max(self._slopes(), default=0.0)))

    @property
    def _settled(self) -> int:
        return int(np.argmax(self.d >= SETTLED * self.d.max()))

    def _slopes(self) -> list[float]:
        """Growth of log d per step, in stretches of a tenth of the run."""
        width = max(SHORTEST_WINDOW, len(self.d) // WINDOWS)
        logs = np.log(self.d)
        # Counted from the end, so that the last stretch is whole.
        ends = range(len(logs) - 1, width - 1, -width)
        spans = [(end - width, end) for end in ends][::-1]
        return [
            float((logs[b] - logs[a]) / max(self.steps[b] - self.steps[a], 1)) for a, b in spans
        ]


def adaptation(curves: Curves) -> Adaptation | None:
    """d of a run; None without d x lr, or where it is 0 all the time."""
    found = [a for tag in curves.dlr_tags for a in _of(curves, tag)]
    return max(found, key=lambda a: float(a.d.max()), default=None)


def _of(curves: Curves, tag: str) -> list[Adaptation]:
    dlr = curves.by_tag[tag].finite()
    rate = _rates_at(_schedule(curves, tag), dlr)
    clear = (rate > UNCLEAR * rate.max(initial=0.0)) & (dlr.values > 0)
    if not clear.any():
        return []
    d = dlr.values[clear] / rate[clear]
    return [Adaptation(dlr.steps[clear].astype(float), d, rate[clear], int(dlr.steps[-1]))]


def _schedule(curves: Curves, tag: str) -> Curve:
    # The old single d x lr is of the first parameter group, which is the text encoder's if any.
    order = ["lr/textencoder", "lr/unet"]
    return curves.get(*(order[::-1] if tag.endswith("/unet") else order)).finite()


def _rates_at(schedule: Curve, dlr: Curve) -> Numbers:
    if not len(schedule):
        return np.ones(len(dlr))
    return np.interp(dlr.steps, schedule.steps, schedule.values)
