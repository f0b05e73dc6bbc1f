"""Trouble that is told while a training runs, and what a stop would mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from training_fakes import make_person, make_run

from lib_t2p.curves.findings import CurveFinding
from lib_t2p.runs.runs import read_run
from lib_t2p.runs.supervision.event_relay import Pace
from lib_t2p.runs.supervision.guard import Guard
from lib_t2p.runs.supervision.kept_state import Memory
from lib_t2p.runs.supervision.shape import EVERY, Shape
from lib_t2p.runs.supervision.stopping import minutes, next_save, outlook
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import RunFolder


def no_findings(*_: Any, **__: Any) -> list[CurveFinding]:
    return []


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return make_run(make_person(tmp_path, pictures=0), tmp_path / "base")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def guard(folder: RunFolder, said: list[str]) -> Guard:
    return Guard(Memory(folder), said.append, Shape(settings_from({}), no_findings))


def test_a_loss_that_is_no_number_is_told_once(guard: Guard, said: list[str]) -> None:
    for step in (5, 6, 7):
        guard.metric("loss/current", step, float("nan"), 0.0)
    assert len(said) == 1
    assert "since step 5" in said[0]


def test_the_next_worker_does_not_repeat_a_warning(
    guard: Guard, said: list[str], folder: RunFolder
) -> None:
    guard.metric("loss/current", 5, float("nan"), 0.0)
    again = Guard(Memory(folder), said.append, Shape(settings_from({}), no_findings))
    again.metric("loss/current", 6, float("nan"), 0.0)
    assert len(said) == 1


def test_steps_that_became_far_slower_are_told(guard: Guard, said: list[str]) -> None:
    for _ in range(8):
        guard.pace(0.6)
    guard.pace(1.5)
    assert said == []
    guard.pace(30.0)
    assert "card's memory" in said[0]


def test_steps_far_slower_than_forecast_are_told_from_the_first(
    folder: RunFolder, said: list[str]
) -> None:
    shape = Shape(settings_from({}), no_findings)
    Guard(Memory(folder), said.append, shape, forecast=0.6).pace(12.0)
    assert "were forecast" in said[0]


@pytest.mark.parametrize(("card", "reason"), [(True, "card"), (False, "the processor")])
def test_a_slow_step_is_the_card_s_memory_only_where_a_card_trains(
    folder: RunFolder, said: list[str], card: bool, reason: str
) -> None:
    shape = Shape(settings_from({}), no_findings)
    Guard(Memory(folder), said.append, shape, forecast=0.6, card=card).pace(12.0)
    assert reason in said[0]
    assert ("card" in said[0]) is card


def test_silence_is_told_after_ten_minutes_or_twenty_slow_steps(
    guard: Guard, said: list[str]
) -> None:
    guard.quiet(700.0, 60.0)
    assert said == []
    guard.quiet(700.0, 2.0)
    assert "said nothing for 12 min" in said[0]


def test_curves_are_judged_now_and_then_and_each_finding_told_once(
    folder: RunFolder, said: list[str]
) -> None:
    judged: list[int] = []

    def judge(curves: Any, *_: Any, **__: Any) -> list[CurveFinding]:
        judged.append(len(curves.loss))
        return [CurveFinding("lr-stuck", "d x lr has not moved.")]

    guard = Guard(Memory(folder), said.append, Shape(settings_from({}), judge))
    for step in range(1, 2 * EVERY + 1):
        guard.metric("loss/average", step, 1.0, float(step))
    assert len(judged) == 2
    assert said == ["d x lr has not moved."]


def test_the_pace_is_that_between_looks_and_forgets_pauses() -> None:
    pace = Pace()
    assert pace.look(0.0, 1) is None
    assert pace.look(4.0, 3) == 2.0
    assert pace.look(5.0, 3) is None
    pace.pause()
    assert pace.look(100.0, 4) is None
    assert pace.now == 2.0


@pytest.mark.parametrize(
    ("changes", "step", "coming"),
    [
        ({"save_every_n_epochs": 1}, 3, 10),
        ({"save_every_n_epochs": 2}, 3, 20),
        ({"save_every_n_epochs": 2}, 20, 40),
        ({"save_every_n_epochs": None, "save_every_n_steps": 7}, 7, 14),
        ({"save_every_n_epochs": None}, 3, 40),
        ({"save_every_n_epochs": 3}, 39, 40),
    ],
)
def test_the_next_save_follows_from_the_settings(
    changes: dict[str, Any], step: int, coming: int
) -> None:
    settings = settings_from({"max_train_epochs": 4, "save_every_n_epochs": 1, **changes})
    assert next_save(settings, step, 40, 10) == coming


def test_the_steps_of_an_epoch_follow_from_the_total() -> None:
    settings = settings_from({"max_train_epochs": 4, "save_every_n_epochs": 1})
    assert next_save(settings, 12, 40, 0) == 20


def test_both_ways_to_stop_say_what_they_cost(folder: RunFolder) -> None:
    memory = Memory(folder)
    memory.keep(total=40, batches_per_epoch=10, seconds_per_step=30.0)
    ahead = outlook(read_run(folder), memory, 13, 10)
    assert (ahead.next_save, ahead.lost, ahead.seconds) == (20, 3, 210.0)
    assert "step 20 of 40" in ahead.after_save
    assert "4 min" in ahead.after_save
    assert "last 3 steps" in ahead.now


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (45, "45 s"), (180, "3 min"), (6000, "1 h 40 min")]
)
def test_spans_of_time_read_well(seconds: float, text: str) -> None:
    assert minutes(seconds) == text
