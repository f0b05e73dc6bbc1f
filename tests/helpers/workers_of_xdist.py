"""What tests share that run at once: ports of their own, and one browser at a time."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from filelock import FileLock

PORTS = 200
"""Between two workers' first ports."""


def first_port(wanted: int) -> int:
    """The port from which this worker of pytest-xdist looks for a free one."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return wanted + PORTS * int(name.removeprefix("gw"))


def one_browser() -> FileLock:
    """Held while a Chromium runs: two on two cores would each wait for the other."""
    return FileLock(Path(tempfile.gettempdir()) / "t2p-one-browser.lock")
