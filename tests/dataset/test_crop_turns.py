"""A crop that was chosen by hand stays on what it showed when its photo is turned."""

from __future__ import annotations

import json

import numpy as np
import pytest
from dataset_fakes import draw_photo

from lib_t2p.dataset.crop_turns import settled_choices, turned_box
from lib_t2p.dataset.photo_choices import PhotoChoices, read_choices, write_choices
from lib_t2p.dataset.photo_report import PhotoReport
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.turning import turned
from lib_t2p.workspace.person import PersonFolder

BOX = (20.0, 40.0, 120.0, 100.0)


@pytest.mark.parametrize("steps", range(4))
def test_a_turned_box_holds_the_same_pixels(steps: int) -> None:
    before = np.random.default_rng(0).integers(0, 255, (300, 200, 3), np.uint8)
    after = turned(before, 90 * steps)
    left, top, right, bottom = (
        round(side) for side in turned_box(BOX, after.shape[1], after.shape[0], steps)
    )
    inside = turned(np.ascontiguousarray(before[40:100, 20:120]), 90 * steps)
    assert (after[top:bottom, left:right] == inside).all()


@pytest.mark.parametrize(("was", "now"), [(0, 90), (0, 180), (0, 270), (90, 270), (270, 0)])
def test_a_chosen_crop_is_carried_along_once_and_that_is_told(
    person: PersonFolder, reporter: SilentReporter, was: int, now: int
) -> None:
    draw_photo(person.photos / "a.png", 1)
    write_choices(person, PhotoChoices().crop("a.png", BOX, was))
    report = PhotoReport("a.png", width=400, height=300, turn=now)
    wanted = turned_box(BOX, 400, 300, (now - was) % 360 // 90)
    assert settled_choices(person, [report], reporter).crops == {"a.png": wanted}
    assert [text for text in reporter.warnings if "a.png" in text]
    told = len(reporter.warnings)
    assert settled_choices(person, [report], reporter) == read_choices(person)
    assert read_choices(person).crops == {"a.png": wanted}
    assert len(reporter.warnings) == told


def test_a_crop_of_before_turns_were_known_belongs_to_the_photo_as_it_lies(
    person: PersonFolder, reporter: SilentReporter
) -> None:
    draw_photo(person.photos / "a.png", 1)
    write_choices(person, PhotoChoices().crop("a.png", BOX))
    record = json.loads(person.photo_choices.read_text("utf-8"))
    record.pop("crop_turns")
    person.photo_choices.write_text(json.dumps(record), "utf-8")
    upright = PhotoReport("a.png", width=400, height=300)
    assert settled_choices(person, [upright], reporter).crops == {"a.png": BOX}
    assert reporter.warnings == []
