"""A night is begun, shown and stopped from the Sweeps tab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ui_fakes import Page

from lib_t2p.jobs.queue import Queue
from lib_t2p.nights.night import read_night, read_state, write_state
from lib_t2p.ui.training.night_part import night_panel
from lib_t2p.workspace.person import PersonFolder, Workspace

WHO = {"person": "Eileen Collins"}


@pytest.fixture
def given(base: Path, person: PersonFolder) -> dict[str, Any]:
    return {**WHO, "train_checkpoint": str(base), "sweep_axes": "network_dim=4,8"}


def test_a_night_is_begun_with_what_the_sweep_form_says(
    page: Page, workspace: Workspace, person: PersonFolder, given: dict[str, Any]
):
    told = page.press("t2p_night_start", "click", **given, night_until="07:00")
    assert "The night night-1 has begun" in told["t2p_night_message"]
    (night,) = person.nights()
    wanted = read_night(night)
    assert wanted.sweep["axes"] == {"network_dim": ["4", "8"]}
    assert wanted.finish_by is not None
    assert wanted.finish_by > wanted.created
    assert [job.kind for job in Queue(workspace).jobs()] == ["overnight.step"]


def test_a_second_press_begins_no_second_night(
    page: Page, workspace: Workspace, person: PersonFolder, given: dict[str, Any]
):
    page.press("t2p_night_start", "click", **given)
    page.press("t2p_night_start", "click", **given)
    assert len(person.nights()) == 1
    assert len(Queue(workspace).jobs()) == 1


def test_the_newest_night_is_shown_and_can_be_stopped(
    page: Page, person: PersonFolder, given: dict[str, Any]
):
    page.press("t2p_night_start", "click", **given)
    shown = page.press("t2p_sweep_tick", "click", **WHO)["t2p_sweep_live"]["value"]
    assert "The night night-1 is under way." in shown
    told = page.press("t2p_night_stop", "click", **WHO)["t2p_night_message"]
    assert "night-1 is stopped" in told
    assert "was stopped: You stopped it." in night_panel(person)
    again = page.press("t2p_night_stop", "click", **WHO)["t2p_night_message"]
    assert "No night is under way." in again


def test_a_night_that_is_over_tells_its_verdict_and_links_its_report(
    page: Page, person: PersonFolder, given: dict[str, Any]
):
    assert night_panel(person) == ""
    page.press("t2p_night_start", "click", **given)
    (night,) = person.nights()
    state = read_state(night)
    write_state(night, type(state)(end="finished", result={"sentence": "e08 <looks> most like"}))
    night.report.write_text("<html></html>", encoding="utf-8")
    panel = night_panel(person)
    assert "night-1 is over. e08 &lt;looks&gt; most like" in panel
    assert 'id="t2p_night_report"' in panel


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"night_until": "late"}, "late"),
        ({"night_url": "ftp://x"}, "the address to notify at the end"),
        ({"sweep_axes": " "}, "Nothing differs"),
    ],
)
def test_bad_input_is_a_message_and_begins_nothing(
    page: Page, person: PersonFolder, given: dict[str, Any], wrong: dict[str, str], words: str
):
    told = page.press("t2p_night_start", "click", **{**given, **wrong})
    assert words in told["t2p_night_message"]
    assert person.nights() == []
