from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ui_fakes import FakeHost, Page

from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.workspace.person import PersonFolder, Workspace

WHO = {"person": "Eileen Collins"}


@pytest.fixture
def given(base: Path, person: PersonFolder) -> dict[str, Any]:
    return {**WHO, "train_checkpoint": str(base), "sweep_axes": "network_dim=4,8\nseed=1,-5"}


def test_a_forecast_names_what_is_refused_and_queues_nothing(
    page: Page, workspace: Workspace, given: dict[str, Any]
):
    told = page.press("t2p_sweep_forecast", "click", **given)["t2p_sweep_plan"]
    assert "2 runs would be trained" in told
    assert "Skipped" in told
    assert "network_dim=4, seed=-5" in told
    assert Queue(workspace).jobs() == []


def test_a_sweep_starts_is_paused_goes_on_and_gets_values(
    page: Page, workspace: Workspace, person: PersonFolder, given: dict[str, Any]
):
    told = page.press("t2p_sweep_start", "click", **given, sweep_name="ranks")
    assert "ranks is on its way" in told["t2p_sweep_message"]
    assert len(Queue(workspace).jobs(kind="train.run")) == 2
    chosen = {**WHO, "sweep_shown": "ranks"}
    status = page.press("t2p_sweep_tick", "click", **chosen)
    assert status["t2p_sweep_shown"]["value"] == "ranks"
    assert "0 of 2 runs" in status["t2p_sweep_status"]["value"]
    paused = page.press("t2p_sweep_pause", "click", **chosen)["t2p_sweep_tools_message"]
    assert "2 waiting runs taken out" in paused
    page.press("t2p_sweep_continue", "click", **chosen)
    added = page.press("t2p_sweep_add", "click", **chosen, sweep_values="network_dim=16")
    assert "1 run queued" in added["t2p_sweep_tools_message"]
    waiting = Queue(workspace).jobs(kind="train.run", states=(JobState.QUEUED,))
    assert len(waiting) == 3


def test_nothing_to_compare_is_a_message(page: Page, given: dict[str, Any]):
    told = page.press("t2p_sweep_start", "click", **{**given, "sweep_axes": " "})
    assert "Nothing differs" in told["t2p_sweep_message"]


def test_a_page_of_the_guide_says_what_it_compares(page: Page):
    told = page.press("t2p_sweep_ready", "change", sweep_ready="network-rank")
    assert "network_dim: 32, 64" in told["t2p_sweep_about"]
    assert told["t2p_sweep_based"] is False


def test_checkpoints_outside_the_allowed_folders_are_refused(
    page: Page, host: FakeHost, person: PersonFolder, base: Path, tmp_path: Path
):
    host.allowed, host.found = [], {"mine": base}
    outside = tmp_path / "other"
    given = {**WHO, "sweep_axes": f"checkpoint=mine,{outside}"}
    told = page.press("t2p_sweep_forecast", "click", **given)
    assert "outside" in told["t2p_sweep_message"]


def test_a_sweep_that_is_not_there_is_a_message(page: Page, person: PersonFolder):
    told = page.press("t2p_sweep_stop", "click", **WHO, sweep_shown="nothing")
    assert "no such sweep" in told["t2p_sweep_tools_message"]
