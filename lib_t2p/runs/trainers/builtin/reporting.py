"""Events of the trainer as lines on stdout, which running reads."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TextIO

from lib_t2p.jobs.events import (
    Event,
    Failed,
    Finished,
    Image,
    Metric,
    Phase,
    Progress,
    Warned,
    to_line,
)


class LineReporter:
    """A `Reporter` that writes one JSON line per event.

    Args:
        stream: where to write.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def phase(self, name: str) -> None:
        """A named part begins."""
        self._write(Phase(time.time(), name))

    def progress(
        self,
        done: int,
        total: int,
        unit: str,
        *,
        seconds_left: float | None = None,
        epoch: int | None = None,
    ) -> None:
        """`done` of `total` units."""
        self._write(Progress(time.time(), done, total, unit, seconds_left, epoch))

    def metric(self, tag: str, step: int, value: float) -> None:
        """A number at a step."""
        self._write(Metric(time.time(), tag, step, value))

    def image(self, path: str, caption: str) -> None:
        """A sample image was written."""
        self._write(Image(time.time(), path, caption))

    def saved(self, path: str, epoch: int, step: int) -> None:
        """Told by who watches this process."""

    def warning(self, message: str) -> None:
        """Something a person should know."""
        self._write(Warned(time.time(), message))

    def check_stop(self) -> None:
        """A stop ends the process from outside."""

    def stop_after_save(self) -> bool:
        """A stop comes from outside."""
        return False

    def device_variables(self) -> Mapping[str, str]:
        """This process starts no other."""
        return {}

    def finished(self, models: list[str]) -> None:
        """The last LoRA is in place."""
        self._write(Finished(time.time(), {"models": models}))

    def failed(self, reason: str) -> None:
        """The training ended badly."""
        self._write(Failed(time.time(), reason))

    def _write(self, event: Event) -> None:
        self._stream.write(to_line(event) + "\n")
        self._stream.flush()
