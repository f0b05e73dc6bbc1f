from __future__ import annotations

from pathlib import Path

import pytest
from ui_fakes import FakeHost, Page

from lib_t2p.ui.live import JobWatch
from lib_t2p.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    # Jobs stay queued: the tabs are tested without a worker.
    for module in ("submitting", "queue"):
        monkeypatch.setattr(f"lib_t2p.actions.{module}.ensure_worker", lambda _: None)
    return open_workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, FakeHost, JobWatch]:
    """One page for all tests, since building it takes a second."""
    from lib_t2p.hosts.standalone.studio_page import studio_page

    host = FakeHost(open_workspace(tmp_path_factory.mktemp("page") / "workspace"))
    watch = JobWatch(host.workspace)
    return Page(studio_page(host, watch)), host, watch


@pytest.fixture
def host(workspace: Workspace, built: tuple[Page, FakeHost, JobWatch]) -> FakeHost:
    _, host, watch = built
    host.workspace = watch.workspace = workspace
    host.closed, host.allowed, host.found = None, None, {}
    return host


@pytest.fixture
def page(host: FakeHost, built: tuple[Page, FakeHost, JobWatch]) -> Page:
    return built[0]
