"""The sides Class images and This person, and sliders, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ui_fakes import collins, open_tab, picture

from lib_t2p.dataset.survey import Survey, SurveyedPerson, SurveyedPhoto, write_survey
from lib_t2p.dataset.thresholds import FaceNumbers
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.people import load_person
from lib_t2p.workspace.person import PersonFolder, Workspace

pytestmark = pytest.mark.browser

COUNT = 2000


def surveyed(person: PersonFolder, count: int) -> None:
    """Photos as a survey describes them; the files are links to one small picture."""
    for old in person.photos.iterdir():
        old.unlink()
    one = picture(person.photos / "p0000.jpg", 0, 320)
    names = [f"p{n:04d}.jpg" for n in range(count)]
    for name in names[1:]:
        (person.photos / name).hardlink_to(one)
    photos = tuple(_photo(name, 70.0 + n % 200) for n, name in enumerate(names))
    write_survey(person, Survey(photos, (SurveyedPerson((names[0], 0), count),), 0))


def _photo(name: str, width: float) -> SurveyedPhoto:
    numbers = FaceNumbers(width, 120.0, 0.0, 90.0, 30.0, 0.0, 0.3, True)
    shown = {"quality": 80.0, "face": width, "sharpness": 30.0, "light": 120.0}
    box = (1500.0, 900.0, 1500.0 + width, 900.0 + width)
    return SurveyedPhoto(
        name, width=4000, height=3000, faces=(box,), face=0, numbers=numbers, shown=shown
    )


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    """Known before the page is opened: tests name it before `tab`."""
    return collins(workspace)


@pytest.fixture
def many_photos(person: PersonFolder) -> PersonFolder:
    surveyed(person, COUNT)
    return person


def side(tab: Any, title: str) -> None:
    tab.locator("#t2p_dataset_tabs button:visible", has_text=title).first.click()


def test_two_thousand_photos_are_turned_page_by_page_and_judged_by_sliders(
    many_photos: PersonFolder, tab: Any, pictures: Path
) -> None:
    open_tab(tab, "Dataset")
    counts = tab.locator("#t2p_photos_summary")
    counts.get_by_text("2000 photos would be trained on").wait_for()
    cards = tab.locator("#t2p_photos_cards figure")
    cards.nth(47).wait_for()
    assert cards.count() == 48
    tab.locator('[data-t2p-act="page 2"]').first.click()
    tab.locator('#t2p_photos_cards [data-photo="p0048.jpg"]').wait_for()

    tab.locator("#t2p_build_limits .label-wrap, #t2p_build_limits button").first.click()
    least = tab.locator("#t2p_build_least_face input[type=number]")
    least.fill("170")
    least.press("Enter")
    counts.get_by_text("1000 photos would be trained on").wait_for()
    tab.screenshot(path=pictures / "sliders.png")
    assert tab.faults == []


def test_a_person_is_listed_and_deleted(
    workspace: Workspace, person: PersonFolder, tab: Any, pictures: Path
) -> None:
    open_tab(tab, "Dataset")
    side(tab, "Class images")
    tab.locator("#t2p_class_sets").get_by_text("No class images yet").wait_for()
    tab.locator("#t2p_class_import").click()
    tab.locator("#t2p_class_said").get_by_text("No photos of others given").wait_for()
    tab.locator("#t2p_class_paint .label-wrap, #t2p_class_paint button").first.click()
    tab.screenshot(path=pictures / "class.png")
    side(tab, "This person")
    tab.locator("#t2p_person_panel").get_by_text("NASA portrait, public domain").wait_for()
    tab.locator("#t2p_person_list").click()
    tab.locator("#t2p_person_listed").get_by_text("Everything of this person").wait_for()
    tab.locator("#t2p_person_delete").click()
    said = tab.locator("#t2p_person_said")
    said.get_by_text("to delete this person").wait_for()
    tab.locator("#t2p_person_typed input, #t2p_person_typed textarea").first.fill(
        load_person(person).name
    )
    tab.screenshot(path=pictures / "person.png")
    tab.locator("#t2p_person_delete").click()
    said.get_by_text("was deleted").wait_for()
    assert workspace.people() == []
    assert Queue(workspace).jobs() == []
    assert tab.faults == []
