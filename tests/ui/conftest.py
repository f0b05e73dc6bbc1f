from __future__ import annotations

import json
from pathlib import Path

import pytest
from ui_fakes import FakeHost, Page, collins, finished_dataset

from lib_t2p.ui.live import JobWatch
from lib_t2p.workspace import PersonFolder, Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    # Jobs stay queued: the tabs are tested without a worker.
    for module in ("submitting", "queue", "sweeps", "environments", "imported_logs"):
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
