from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from job_helpers import FullDisk
from worker_helpers import Workers

from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def workers(workspace: Workspace) -> Iterator[Workers]:
    workers = Workers(workspace)
    yield workers
    workers.end()
    for pidfile in workspace.root.glob("run*/pids.txt"):
        for pid in pidfile.read_text().split():
            try:
                psutil.Process(int(pid)).kill()
            except psutil.NoSuchProcess:
                continue


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    return FullDisk(monkeypatch)
