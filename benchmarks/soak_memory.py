"""The memory of long-lived processes over time, and how far it drifts."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

MEGABYTE = 1e6
SETTLED = 10.0
"""Minutes after which memory must be flat."""
WINDOW = 10.0
"""Minutes whose mean is compared: jobs come and go within them, so that their share is alike."""
ALLOWED = 0.15
"""Share by which it may grow after that."""
FEWEST = 20
"""Samples of a window that say anything: five minutes of them at one each 15 s."""


@dataclass(frozen=True)
class Sample:
    """One look at one process.

    Attributes:
        minute: since the beginning.
        role: `studio` or `worker`.
        pid: of the process; another one means that it was started anew.
        rss: MB in memory, what it shares with others included.
        uss: MB that would be free without it.
    """

    minute: float
    role: str
    pid: int
    rss: float
    uss: float


class MemorySampler:
    """Looks at processes now and then; a context manager.

    Args:
        pids: role -> what gives its process; None while there is none.
        every: seconds between two looks.

    Attributes:
        samples: in the order of time.
    """

    def __init__(self, pids: dict[str, Callable[[], int | None]], every: float) -> None:
        self._pids = pids
        self._every = every
        self.samples: list[Sample] = []
        self._began = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def minute(self) -> float:
        """Minutes since the beginning."""
        return (time.monotonic() - self._began) / 60

    def __enter__(self) -> MemorySampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._every):
            for role, find in self._pids.items():
                with suppress(psutil.Error, OSError):
                    self._look(role, find())

    def _look(self, role: str, pid: int | None) -> None:
        if pid is None:
            return
        memory = psutil.Process(pid).memory_full_info()
        rss, uss = memory.rss / MEGABYTE, memory.uss / MEGABYTE
        self.samples.append(Sample(self.minute, role, pid, rss, uss))


@dataclass(frozen=True)
class Drift:
    """How far the memory of a role moved after it had settled.

    Attributes:
        settled: MB, mean of the first window after `SETTLED` minutes.
        worst: MB, the mean of a later window that differs most.
        last: MB, mean of the last window.
    """

    settled: float
    worst: float
    last: float

    @property
    def share(self) -> float:
        """Of the worst window, against the settled one."""
        return self.worst / self.settled - 1

    @property
    def holds(self) -> bool:
        """Whether it stayed flat."""
        return abs(self.share) <= ALLOWED


def drift_of(
    samples: Sequence[Sample], role: str, settled: float = SETTLED, window: float = WINDOW
) -> Drift | None:
    """Compare windows of time after the beginning; None when there was too little time.

    Args:
        samples: of all roles.
        role: whose memory.
        settled: minutes that are not looked at.
        window: minutes of a window.
    """
    means = []
    own = [sample for sample in samples if sample.role == role and sample.minute >= settled]
    for begin in range(1000):
        first = settled + begin * window
        inside = [one.uss for one in own if first <= one.minute < first + window]
        if len(inside) >= FEWEST:
            means.append(statistics.fmean(inside))
        elif not any(one.minute >= first for one in own):
            break
    if len(means) < 2:
        return None
    worst = max(means[1:], key=lambda mean: abs(mean - means[0]))
    return Drift(means[0], worst, means[-1])


def rows_of(samples: Sequence[Sample], roles: Sequence[str], every: float) -> list[list[str]]:
    """A row for each step of time: minute, then resident and own MB of each role."""
    rows = []
    last = max((sample.minute for sample in samples), default=0.0)
    for number in range(int(last / every) + 1):
        begin = number * every
        row = [f"{begin:.4g}"]
        for role in roles:
            inside = [s for s in samples if s.role == role and begin <= s.minute < begin + every]
            for part in ("rss", "uss"):
                values = [float(getattr(sample, part)) for sample in inside]
                row.append(f"{statistics.median(values):.0f}" if values else "")
            row[-1] += "" if len({s.pid for s in inside}) < 2 else " (new process)"
        rows.append(row)
    return rows
