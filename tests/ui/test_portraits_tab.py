from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from ui_fakes import FakeHost, Page

from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.extensions import Extension
from lib_t2p.portraits import series_chain as chain
from lib_t2p.portraits.choices import read_choices
from lib_t2p.portraits.picture_sorting import sort_pictures
from lib_t2p.portraits.places import place_of
from lib_t2p.portraits.plan import read_portraits
from lib_t2p.portraits.round_scores import RoundScores, write_round_scores
from lib_t2p.portraits.rounds import Portrait, write_round
from lib_t2p.portraits.rule import KeepRule, PictureScore, Yardstick
from lib_t2p.portraits.state import COMPLETE, end
from lib_t2p.ui.portraits.fields import reasons
from lib_t2p.ui.portraits.gallery import PER_PAGE, pages
from lib_t2p.workspace.person import PersonFolder
from lib_t2p.workspace.series_folders import PortraitsFolder, all_portraits

NAME = "Eileen Collins"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)


@pytest.fixture
def started(
    page: Page, host: FakeHost, person: PersonFolder, base: Path
) -> Iterator[PortraitsFolder]:
    """A series of three pictures; the second is in the bin."""
    host.found = {"base": base}
    press(page, person)
    (series,) = all_portraits(person)
    request = read_portraits(series).request
    pictures = [Portrait(f"{n + 1:05d}_s{n + 1}", n, request) for n in range(3)]
    write_round(series, 1, pictures)
    for one in pictures:
        path = series.pictures / f"{one.id}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (16, 16), (40 * one.number, 90, 90)).save(path)
    scores = tuple(
        PictureScore(p.id, "0", 1, distance, 0.3)
        for p, distance in zip(pictures, (0.4, 0.9, 0.5), strict=True)
    )
    write_round_scores(series, 1, RoundScores("", Yardstick(0.6, 0.2), scores))
    sort_pictures(series, KeepRule())
    yield series


def press(page: Page, person: PersonFolder, **given: Any) -> dict[str, Any]:
    form = {"portraits_checkpoint": "base", "portraits_count": 3, **given}
    return page.press("t2p_portraits_start", "click", person=NAME, **form)


def tick(page: Page, person: PersonFolder, **given: Any) -> dict[str, Any]:
    return page.press("t2p_portraits_tick", "click", person=NAME, **given)


def test_a_series_is_begun_with_what_the_form_says(
    page: Page, host: FakeHost, person: PersonFolder, base: Path
) -> None:
    host.found = {"base": base}
    given = press(
        page,
        person,
        portraits_prompt="{trigger} {a|b}",
        portraits_lora="best one",
        portraits_lora_weight=0.85,
        portraits_hires=True,
        portraits_rule_distance=0.45,
        portraits_rule_copies=False,
    )
    assert "on its way: 3 portraits" in given["t2p_portraits_message"]
    (series,) = all_portraits(person)
    plan = read_portraits(series)
    assert plan.request.prompt == "{trigger} {a|b} <lora:best one:0.85>"
    assert plan.request.hires is not None
    assert plan.rule == KeepRule(0.45, 0.0, True)
    assert plan.dataset == 1
    assert read_choices(series).checkpoints == (("base", str(base)),)
    assert [job.kind for job in Queue(host.workspace).jobs()] == [chain.PLAN]


def test_all_that_is_wrong_is_said_at_once(
    page: Page, host: FakeHost, person: PersonFolder
) -> None:
    told = press(
        page, person, portraits_checkpoint="", portraits_steps=None, portraits_width="wide"
    )["t2p_portraits_message"]
    for word in ("checkpoint", "Steps of portraits", "Width of portraits"):
        assert word in told
    assert all_portraits(person) == []


def test_without_a_series_the_page_says_what_to_do(
    page: Page, host: FakeHost, person: PersonFolder
) -> None:
    shown = tick(page, person)
    assert "press Paint portraits" in shown["t2p_portraits_live"]["value"]


def test_kept_pictures_are_shown_with_their_numbers(
    page: Page, person: PersonFolder, started: PortraitsFolder
) -> None:
    shown = tick(page, person)
    assert "3 portraits painted, 2 kept, 1 in the bin" in shown["t2p_portraits_live"]["value"]
    pictures = shown["t2p_portraits_gallery"]["value"]
    assert pictures.count("<figure>") == 2
    assert "distance 0.50" in pictures
    assert "To the bin" in pictures
    assert "Page 1 of 1, 2 pictures" in shown["t2p_portraits_page_facts"]


def test_the_bin_says_why_and_gives_pictures_back(
    page: Page, person: PersonFolder, started: PortraitsFolder
) -> None:
    given = {"portraits_place": "Bin", "portraits_shown": started.id}
    pictures = tick(page, person, **given)["t2p_portraits_gallery"]["value"]
    assert "not alike: 0.90" in pictures
    act = f"kept {started.id}/00002_s2"
    assert act in pictures
    told = page.press(
        "t2p_portraits_picture_act", "click", person=NAME, portraits_picture_act_value=act
    )
    assert "Portrait 2 is kept now" in told["t2p_portraits_side_message"]
    assert place_of(started, "00002_s2") == "kept"


@pytest.mark.parametrize("act", ["", "kept", "delete x/y", "kept first/../../person"])
def test_a_foreign_act_is_refused(
    page: Page, person: PersonFolder, started: PortraitsFolder, act: str
) -> None:
    told = page.press(
        "t2p_portraits_picture_act", "click", person=NAME, portraits_picture_act_value=act
    )
    assert "t2p-bad" in told["t2p_portraits_side_message"]


def test_another_rule_sorts_at_once(
    page: Page, person: PersonFolder, started: PortraitsFolder
) -> None:
    given = page.press(
        "t2p_portraits_sort",
        "click",
        person=NAME,
        portraits_shown=started.id,
        portraits_sort_distance=0.45,
    )
    assert "1 kept, 2 in the bin" in given["t2p_portraits_side_message"]


def test_the_folder_is_shown_on_the_persons_own_computer_only(
    page: Page, host: FakeHost, started: PortraitsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[list[str]] = []
    monkeypatch.setattr(
        "lib_t2p.actions.portraits.portraits.launch", lambda argv, **_: shown.append(list(argv))
    )
    which = {"person": NAME, "portraits_shown": started.id}
    page.press("t2p_portraits_folder", "click", **which)
    assert [Path(argv[-1]) for argv in shown] == [started.kept]
    host.allowed = [host.workspace.root]
    told = page.press("t2p_portraits_folder", "click", **which)
    assert "other computers" in told["t2p_portraits_side_message"]
    assert len(shown) == 1


def test_the_bin_is_emptied_after_a_question_only(
    page: Page, person: PersonFolder, started: PortraitsFolder
) -> None:
    which = {"person": NAME, "portraits_shown": started.id}
    refused = page.press("t2p_portraits_bin_empty", "click", **which)
    assert "holds 1 pictures, not 0" in refused["t2p_portraits_side_message"]
    asked = page.press("t2p_portraits_bin_ask", "click", **which)
    assert "1 portrait in the bin" in asked["t2p_portraits_side_message"]
    assert len(list(started.bin.glob("*.png"))) == 1


def test_stopping_and_going_on(
    page: Page, host: FakeHost, person: PersonFolder, started: PortraitsFolder
) -> None:
    which = {"person": NAME, "portraits_shown": started.id}
    page.press("t2p_portraits_stop", "click", **which)
    assert started.stop.exists()
    queue = Queue(host.workspace)
    for job in queue.jobs():
        queue.request_stop(job.id)
    end(started, COMPLETE)
    assert "It ended: all are painted" in tick(page, person)["t2p_portraits_live"]["value"]
    page.press("t2p_portraits_more", "click", **which, portraits_more_count=5)
    assert read_portraits(started).count == 8
    assert queue.jobs()[-1].params["round"] == 2


def test_previewed_prompts_are_shown(page: Page, host: FakeHost, person: PersonFolder) -> None:
    page.press("t2p_portraits_preview", "click", person=NAME, portraits_prompt="{a|b}")
    queue = Queue(host.workspace)
    job = queue.claim(["light"], "worker")
    assert job is not None
    assert job.params["prompt"] == "{a|b}"
    queue.finish(job.id, {"prompts": ["a", "b <lora:x:1>"], "unknown": ["gone"]})
    shown = tick(page, person)["t2p_portraits_prompts"]["value"]
    assert "<li>b &lt;lora:x:1&gt;</li>" in shown
    assert "__gone__" in shown


def test_tips_are_greyed_with_the_reason_without_controlnet(page: Page, host: FakeHost) -> None:
    assert page.parts["t2p_tips_start"].interactive is False
    assert "ControlNet is not installed" in page.parts["t2p_tips_why"].value
    assert set(reasons(host).values()) == {reasons(host)["stamp"]}


def test_a_tip_without_controlnet_is_refused(
    page: Page, host: FakeHost, person: PersonFolder, base: Path
) -> None:
    host.found = {"base": base}
    told = page.press("t2p_tips_start", "click", person=NAME, portraits_checkpoint="base")[
        "t2p_tips_message"
    ]
    assert "ControlNet is not installed" in told


def test_a_tip_is_begun_where_controlnet_is(
    page: Page,
    host: FakeHost,
    person: PersonFolder,
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host.found = {"base": base}
    there = {"ControlNet": Extension(("x_openpose [1]",), ("None", "openpose_full"))}
    monkeypatch.setattr(FakeHost, "extensions", lambda self: there, raising=False)
    pose = tmp_path / "pose.png"
    Image.new("RGB", (8, 8)).save(pose)
    told = page.press(
        "t2p_tips_start",
        "click",
        person=NAME,
        portraits_checkpoint="base",
        tips_tip="Learning progression",
        tips_lora="best",
        tips_picture=str(pose),
    )["t2p_tips_message"]
    assert "11 portraits" in told
    (series,) = all_portraits(person)
    plan = read_portraits(series)
    assert plan.cycle[5] == "0.5"
    (call,) = plan.request.scripts
    assert json.loads(call.args)[0]["model"] == "x_openpose [1]"
    assert Path(call.pictures[0][1]).parent == series.inputs
    assert replace(plan.rule, everything=False) == KeepRule()


def test_pages_hold_a_fixed_number() -> None:
    assert [pages(n) for n in (0, 1, PER_PAGE, PER_PAGE + 1)] == [1, 1, 1, 2]
