from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace import Workspace, open_workspace


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def queue(workspace: Workspace, clock: Clock) -> Queue:
    return Queue(workspace, clock)
