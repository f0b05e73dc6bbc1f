from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import browser_page
from ui_fakes import FakeHost, Page, collins, finished_dataset
from workers_of_xdist import first_port

from lib_t2p.hosts.standalone.ports import free_port
from lib_t2p.hosts.standalone.studio_page import serve
from lib_t2p.ui.job_activity import JobWatch
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    # Jobs stay queued: the tabs are tested without a worker.
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
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


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """What `recognise` takes for an SD1.5 diffusers folder."""
    folder = tmp_path / "base"
    for part, config in {
        "model_index.json": {"_class_name": "StableDiffusionPipeline"},
        "unet/config.json": {"in_channels": 4, "cross_attention_dim": 768},
    }.items():
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        (folder / part).write_text(json.dumps(config))
    return folder


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    folder = collins(workspace)
    finished_dataset(folder)
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where tests leave screenshots: a folder to be looked at when one is named."""
    folder = Path(os.environ.get("T2P_SCREENSHOTS") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def address(workspace: Workspace) -> Iterator[str]:
    port = free_port(first_port(17_870))
    blocks = serve(FakeHost(workspace), port, open_browser=False, wait=False)
    yield f"http://127.0.0.1:{port}/"
    blocks.close()


@pytest.fixture
def tab(address: str) -> Iterator[Any]:
    """A browser's page with `faults`: what its console complained about."""
    with browser_page(address) as page:
        page.goto(address)
        page.wait_for_selector("#t2p_root")
        yield page
