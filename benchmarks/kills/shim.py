"""A clock that a trial may move, and a disk that it may fill, in the processes of the benchmark.

Installed before anything of the product is imported, since its functions take `time.time` as it is
at that moment. The product itself knows nothing of it.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import time
from pathlib import Path
from typing import Any

FOLDER = "T2P_KILLS"
"""Variable with the folder in which a trial says what is to be wrong."""
_real_time, _real_open = time.time, io.open


def clock_file(folder: Path) -> Path:
    """Seconds by which the clock is wrong."""
    return folder / "clock-offset"


def full_file(folder: Path) -> Path:
    """While it is there, nothing more fits below the workspace named in it."""
    return folder / "disk-full"


def install(folder: Path) -> None:
    """Let this process and those it starts follow the files of a folder."""
    os.environ[FOLDER] = str(folder)

    def now() -> float:
        return _real_time() + _offset(folder)

    def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if mode[:1] in ("w", "a", "x") and _is_full(folder, file):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        return _real_open(file, mode, *arguments, **options)

    time.time = now
    io.open = builtins.open = opened
    _move_boot_time(folder)


def _offset(folder: Path) -> float:
    try:
        with _real_open(clock_file(folder)) as file:
            return float(file.read() or 0.0)
    except (OSError, ValueError):
        return 0.0


def _is_full(folder: Path, file: Any) -> bool:
    try:
        with _real_open(full_file(folder)) as said:
            root = said.read()
    except OSError:
        return False
    return bool(root) and str(file).startswith(root)


def _move_boot_time(folder: Path) -> None:
    """On Linux the time of the boot moves with the clock, and with it psutil's creation times."""
    import psutil

    system = getattr(psutil, "_pslinux", None)
    if system is None:
        return
    real = system.boot_time

    def boot_time() -> float:
        return float(real()) + _offset(folder)

    system.boot_time = boot_time
    if hasattr(system, "BOOT_TIME"):
        system.BOOT_TIME = None
