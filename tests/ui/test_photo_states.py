"""What a build would do is worked out once, and little of it is kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from surveyed import survey_plainly
from ui_fakes import FakeHost, Page, picture

from lib_t2p import dataset
from lib_t2p.actions import photos
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.hosts.standalone.studio_page import studio_page
from lib_t2p.ui.dataset import gallery_tab
from lib_t2p.ui.dataset.photo_states import MOST_KEPT, PhotoStates, Recent
from lib_t2p.workspace.person import PersonFolder

OPTIONS = DatasetOptions()


@pytest.fixture
def surveyed(person: PersonFolder) -> PersonFolder:
    names = [f"photo-{number}.jpg" for number in range(3)]
    for number, name in enumerate(names):
        picture(person.photos / name, number)
    survey_plainly(person, names)
    return person


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose survey was read from disk."""
    read: list[str] = []
    really = dataset.read_survey

    def noted(person: PersonFolder) -> object:
        read.append(person.slug)
        return really(person)

    monkeypatch.setattr(dataset, "read_survey", noted)
    return read


def test_the_survey_is_read_once_for_all_options_and_again_when_it_changed(
    surveyed: PersonFolder, read: list[str]
) -> None:
    states = PhotoStates()
    first = states.state(surveyed, OPTIONS)
    assert states.state(surveyed, OPTIONS) is first
    others = [states.state(surveyed, replace(OPTIONS, wanted=n)) for n in (1, 2)]
    assert len(read) == 1
    assert others[0].survey is first.survey
    survey_plainly(surveyed, ["photo-0.jpg"])
    changed = states.state(surveyed, OPTIONS).survey
    assert changed is not None
    assert len(changed.photos) == 1
    assert len(read) == 2


def test_a_photo_that_came_in_changes_the_state(surveyed: PersonFolder) -> None:
    states = PhotoStates()
    assert states.state(surveyed, OPTIONS).new == ()
    picture(surveyed.photos / "later.jpg", 9)
    now = surveyed.photos.stat()
    os.utime(surveyed.photos, ns=(now.st_atime_ns, now.st_mtime_ns + 1))
    assert states.state(surveyed, OPTIONS).new == ("later.jpg",)


def test_only_the_newest_few_states_are_kept(
    surveyed: PersonFolder, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[object] = []
    really = photos.photo_state

    def noted(*given: object) -> object:
        judged.append(given[2])
        return really(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(photos, "photo_state", noted)
    states = PhotoStates()
    several = [replace(OPTIONS, wanted=n + 1) for n in range(MOST_KEPT + 1)]
    for options in (*several, several[-1], several[0]):
        states.state(surveyed, options)
    assert judged == [*several, several[0]]
    assert len(read) == 1


def test_what_was_asked_for_last_is_kept_longest_and_never_more_than_that() -> None:
    made: list[int] = []

    def make(number: int) -> Callable[[], int]:
        return lambda: made.append(number) or number  # type: ignore[func-returns-value]

    recent = Recent(2)
    assert [recent.get((n,), make(n)) for n in (1, 2, 1, 3, 1)] == [1, 2, 1, 3, 1]
    assert made == [1, 2, 3]
    assert len(recent) == 2
    recent.get((2,), make(2))
    assert made == [1, 2, 3, 2]


@pytest.mark.parametrize("large", [True, False])
def test_many_photos_are_judged_before_the_page_asks(
    surveyed: PersonFolder, read: list[str], monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(gallery_tab, "LARGE_SURVEY", 1 if large else 1_000_000)
    begun: list[threading.Thread | None] = []
    warm = gallery_tab.warm
    monkeypatch.setattr(gallery_tab, "warm", lambda sides: begun.append(warm(sides)))
    page = Page(studio_page(FakeHost(surveyed.workspace)))
    for thread in begun:
        if thread is not None:
            thread.join(60)
    assert len(read) == int(large)
    page.press("t2p_photos_tick", "click")
    assert len(read) == 1
