from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
T = TypeVar("T")


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


class FullDisk:
    """Lets writes of files whose path holds a word fail as on a full disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    @contextmanager
    def at(self, word: str) -> Iterator[None]:
        real = io.open

        def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if word in str(file) and mode[0] in "wax":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
            return real(file, mode, *arguments, **options)

        with self._monkeypatch.context() as patch:
            patch.setattr(io, "open", opened)
            yield


def until(condition: Callable[[], T], what: str = "", seconds: float = 60.0) -> T:
    """Wait for a condition; the time is only a limit for a broken test."""
    limit = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < limit, f"never came true: {what or condition}"
        time.sleep(0.02)


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), **more}


def python(script: Path | str, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
    """Start a helper script with the repository importable."""
    command = [sys.executable, str(script), *arguments]
    return subprocess.Popen(command, env=environment(), **options)  # type: ignore[call-overload]
