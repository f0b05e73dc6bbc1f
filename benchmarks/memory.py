"""The highest memory of a benchmark, its child processes included."""

from __future__ import annotations

import threading
from contextlib import suppress

import psutil


class Memory:
    """Resident memory of this process and its children, looked at now and then.

    Args:
        every: seconds between two looks.

    Attributes:
        megabytes: at most; what processes share is counted for each.
    """

    def __init__(self, every: float = 1.0) -> None:
        self._every = every
        self.megabytes = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._over.wait(self._every):
            resident = 0
            for process in [me, *me.children(recursive=True)]:
                with suppress(psutil.Error):
                    resident += process.memory_info().rss
            self.megabytes = max(self.megabytes, resident / 1e6)
