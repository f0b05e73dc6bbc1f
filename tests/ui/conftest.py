from __future__ import annotations

from pathlib import Path

import pytest
from ui_fakes import FakeHost, Page

from lib_t2p.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    # Jobs stay queued: the tabs are tested without a worker.
    monkeypatch.setattr("lib_t2p.actions.submit.ensure_worker", lambda _: None)
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def host(workspace: Workspace) -> FakeHost:
    return FakeHost(workspace)


@pytest.fixture
def page(host: FakeHost) -> Page:
    from lib_t2p.hosts.standalone.studio_page import studio_page

    return Page(studio_page(host))
