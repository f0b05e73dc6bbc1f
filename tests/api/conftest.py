from __future__ import annotations

from pathlib import Path

import pytest
from api_client import Client, client

from lib_t2p.hosts.standalone.studio_host import StudioHost
from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    return open_workspace(tmp_path / "work space")


@pytest.fixture
def api(workspace: Workspace) -> Client:
    """The routes of a studio on this workspace."""
    return client(StudioHost(workspace))
