from __future__ import annotations

from pathlib import Path

import pytest
from job_helpers import Clock, FullDisk

from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def queue(workspace: Workspace, clock: Clock) -> Queue:
    return Queue(workspace, clock)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    return FullDisk(monkeypatch)
