"""How fast a training goes, from its progress."""

from __future__ import annotations

import statistics
from collections import deque

KEPT = 20
"""So many looks back count for the pace of now."""


class Pace:
    """Seconds per step, from looks at the step that a training has reached.

    Several steps may pass between two looks, or none; what was read at once after a pause, as
    when a trainer is adopted, is one look.
    """

    def __init__(self) -> None:
        self._last: tuple[float, int] | None = None
        self._seconds: deque[float] = deque(maxlen=KEPT)

    def look(self, seconds: float, step: int) -> float | None:
        """Take a look.

        Args:
            seconds: Unix seconds of the look.
            step: reached.

        Returns:
            Seconds per step since the last look; None when no step passed, or at the first look.
        """
        before, self._last = self._last, (seconds, step)
        if before is None or step < before[1]:
            return None
        if step == before[1]:
            self._last = before
            return None
        pace = max(seconds - before[0], 0.0) / (step - before[1])
        self._seconds.append(pace)
        return pace

    def pause(self) -> None:
        """What passes until the next step is no training, such as a sample image."""
        self._last = None

    @property
    def now(self) -> float | None:
        """Median seconds per step of the last looks; None before the second."""
        return statistics.median(self._seconds) if self._seconds else None
