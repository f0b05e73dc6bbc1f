"""What a function of a room may tell while it works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Reporter(Protocol):
    """Told by the rooms, kept as events by a job; a test or a shell may give its own."""

    def phase(self, name: str) -> None:
        """A named part of the work begins."""

    def progress(
        self,
        done: int,
        total: int,
        unit: str,
        *,
        seconds_left: float | None = None,
        epoch: int | None = None,
    ) -> None:
        """`done` of `total` units; `total` 0 means unknown; `epoch` counts from 1."""

    def metric(self, tag: str, step: int, value: float) -> None:
        """A number at a step."""

    def image(self, path: str, caption: str) -> None:
        """A picture was written."""

    def saved(self, path: str, epoch: int, step: int) -> None:
        """A LoRA of `epoch` (from 1) is whole, after `step` optimizer steps."""

    def warning(self, message: str) -> None:
        """Something a person should know that does not end the work."""

    def check_stop(self) -> None:
        """Raise `StopRequested` when the person asked to stop now."""

    def stop_after_save(self) -> bool:
        """Whether the person asked to stop once the next model or state is saved."""

    def device_variables(self) -> Mapping[str, str]:
        """Environment variables that keep a child process to the device of this job."""


class SilentReporter:
    """A reporter that keeps warnings and drops the rest; never asks to stop."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def phase(self, name: str) -> None:
        """Drop it."""

    def progress(
        self,
        done: int,
        total: int,
        unit: str,
        *,
        seconds_left: float | None = None,
        epoch: int | None = None,
    ) -> None:
        """Drop it."""

    def metric(self, tag: str, step: int, value: float) -> None:
        """Drop it."""

    def image(self, path: str, caption: str) -> None:
        """Drop it."""

    def saved(self, path: str, epoch: int, step: int) -> None:
        """Drop it."""

    def warning(self, message: str) -> None:
        """Keep it."""
        self.warnings.append(message)

    def check_stop(self) -> None:
        """Never stop."""

    def stop_after_save(self) -> bool:
        """Never stop."""
        return False

    def device_variables(self) -> Mapping[str, str]:
        """Any device will do."""
        return {}
