"""Looking out for trouble while a training runs; each kind is told once."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

from lib_t2p.curves.scalars import Scalar
from lib_t2p.runs.supervision.kept_state import Memory
from lib_t2p.runs.supervision.shape import Shape
from lib_t2p.runs.supervision.stopping import minutes

SPILL_FACTOR = 4.0
"""Memory of a card that spills into the machine's slows a step down 20 to 100 times (DESIGN.md);
another program on the same card seldom by more than half."""

SHORTEST_SPILL = 0.5
"""Seconds per step below which other work on the machine explains any slowness."""

QUIET_SECONDS = 600.0
QUIET_STEPS = 20.0
EARLY_LOOKS = 8

SLOW_ON_CARD = (
    "the card's memory may have run over into the machine's; lower the batch size or resolution, "
    "switch gradient_checkpointing on, or close other programs."
)
SLOW_ON_PROCESSOR = (
    "other programs may use the processor, or the machine's memory may have run over onto the "
    "disk; close other programs, or lower the batch size or resolution."
)

Warn = Callable[[str], None]


class Guard:
    """Warns of what goes wrong.

    Args:
        memory: keeps which warnings were given, so that the next worker does not repeat them.
        warn: tells a sentence.
        shape: judges the curves now and then.
        forecast: seconds per step that were forecast; None without a forecast.
        card: whether a graphics card trains.
    """

    def __init__(
        self,
        memory: Memory,
        warn: Warn,
        shape: Shape,
        forecast: float | None = None,
        *,
        card: bool = True,
    ) -> None:
        self._card = card
        self._shape = shape
        self._memory = memory
        self._warn = warn
        self._forecast = forecast
        self._early: list[float] = []

    def tell(self, code: str, message: str) -> None:
        """Warn once per code."""
        known: Sequence[str] = self._memory.get("warned", [])
        if code not in known:
            self._memory.keep(warned=[*known, code])
            self._warn(message)

    def metric(self, tag: str, step: int, value: float, seconds: float) -> None:
        """Look at a number of the training, told at Unix `seconds`."""
        self._shape.take(Scalar(tag, step, seconds, value))
        if tag == "loss/average":
            for finding in self._shape.findings(step):
                self.tell(finding.code, finding.message)
        if not math.isfinite(value):
            self.tell(
                "nan-loss",
                f"{tag} is no number any more since step {step}, so nothing is learned from here "
                "on: stop the run, lower the learning rate, or train in bf16 instead of fp16.",
            )

    def pace(self, seconds_per_step: float) -> None:
        """Look at the pace of now.

        It is measured against the forecast and against the run's own first steps.
        """
        if len(self._early) < EARLY_LOOKS:
            self._early.append(seconds_per_step)
        usual = [x for x in (self._forecast, statistics.median(self._early)) if x]
        limit = max(SPILL_FACTOR * min(usual, default=math.inf), SHORTEST_SPILL)
        if seconds_per_step > limit:
            source = "forecast" if min(usual) == self._forecast else "usual at the start"
            self.tell(
                "slow-steps",
                f"A step takes {seconds_per_step:.3g} s, {min(usual):.3g} s were {source}: "
                f"{SLOW_ON_CARD if self._card else SLOW_ON_PROCESSOR}",
            )

    def quiet(self, seconds: float, seconds_per_step: float | None) -> None:
        """Look at how long the trainer has said nothing."""
        if seconds > max(QUIET_SECONDS, QUIET_STEPS * (seconds_per_step or 0.0)):
            self.tell(
                "quiet",
                f"The trainer has said nothing for {minutes(seconds)}: it may hang; look at its "
                "log, and stop the run and start it again if nothing changes.",
            )
