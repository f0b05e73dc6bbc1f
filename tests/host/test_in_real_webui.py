"""The extension inside a real AUTOMATIC1111 or Forge, named by T2P_WEBUI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from real_webui import PAGE, Running, Webui, start, stop

from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.host_requests import HostRequests
from lib_t2p.worker.training_jobs import make_room
from lib_t2p.workspace.person import Workspace, open_workspace

pytestmark = [pytest.mark.host, pytest.mark.slow]


class Asking:
    """As much of a run's context as `make_room` uses."""

    def __init__(self, workspace: Workspace) -> None:
        import time

        self.workspace, self.clock = workspace, time.time
        self.warnings: list[str] = []

    def phase(self, name: str) -> None:
        """Said to nobody."""

    def check_stop(self) -> None:
        """Nobody stops it."""

    def warning(self, text: str) -> None:
        self.warnings.append(text)


@pytest.fixture
def workspace(running: Running) -> Workspace:
    return open_workspace(running.data / "my people")


def labels_of_tabs(components: list[dict[str, Any]]) -> set[str | None]:
    return {c["props"].get("label") for c in components if c["type"] == "tabitem"}


def test_our_tabs_stand_in_the_page(running: Running) -> None:
    at_start = running.get("/config")["components"]
    ids = {c["props"].get("elem_id") for c in at_start}
    # The rest is made when the tab is opened: a start does not pay for it.
    assert {name for name in ids if str(name).startswith("t2p_")} == {"t2p_shell", "t2p_opening"}
    assert "Text to Person" in labels_of_tabs(at_start)
    opened = running.get(PAGE)["components"]
    assert {"t2p_setup", "t2p_setup_start"} <= {c["props"].get("elem_id") for c in opened}
    assert {"Dataset", "Train", "Generate"} <= labels_of_tabs(opened)


def test_the_log_names_us_nowhere(running: Running) -> None:
    running.get(PAGE)
    assert running.ours() == []


def test_without_our_environment_the_set_up_button_is_offered(running: Running) -> None:
    parts = {c["props"].get("elem_id"): c["props"] for c in running.get(PAGE)["components"]}
    assert parts["t2p_setup_start"]["visible"] is True
    assert parts["t2p_setup_stop"]["visible"] is False
    assert "not touched" in parts["t2p_setup"]["value"]


def test_our_flags_are_honoured(running: Running, workspace: Workspace) -> None:
    assert not (running.data / "text-to-person").exists()
    assert Heartbeats(workspace).living("host")
    kept = json.loads(
        (running.extension / ".envs" / "sd-scripts-folder.json").read_text(encoding="utf-8")
    )
    assert Path(kept["folder"]) == running.data / "my sd-scripts"


def test_its_memory_is_given_for_a_run(running: Running, workspace: Workspace) -> None:
    # make_room asks nobody, and so says nothing, when no host lives.
    assert Heartbeats(workspace).living("host")
    asking = Asking(workspace)
    make_room(asking)  # type: ignore[arg-type]
    assert asking.warnings == []
    assert HostRequests(workspace).waiting(600.0) == []


def test_start_up_is_told_beside_that_of_the_webui_alone(
    running: Running, webui: Webui, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = start(webui, tmp_path)
    try:
        without = alone.get("/internal/profile-startup")
    finally:
        stop(alone)
    with_us = running.get("/internal/profile-startup")
    own = {k: v for k, v in with_us["records"].items() if "text_to_person" in k}
    parts = {
        name: (without["records"].get(name), with_us["records"].get(name))
        for name in ("load scripts", "create ui")
    }
    with capsys.disabled():
        print(f"\nstart-up: our script {own}; alone -> with us: {parts}")
    assert own
    assert not any("text_to_person" in key for key in without["records"])
