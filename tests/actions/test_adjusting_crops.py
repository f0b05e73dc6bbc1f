from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from lib_t2p.actions.photos.datasets import adjust_crop
from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.dataset.photo_choices import read_choices
from lib_t2p.dataset.survey import Survey, SurveyedPhoto, write_survey
from lib_t2p.errors import InputError
from lib_t2p.workspace.person import PersonFolder, open_workspace


@pytest.fixture
def person(tmp_path: Path) -> PersonFolder:
    folder = new_person(
        open_workspace(tmp_path / "workspace"),
        name="Ada",
        trigger="tok",
        class_word="woman",
        consent="herself",
        now=datetime(2026, 1, 2, tzinfo=timezone.utc),
    )
    folder.photos.mkdir(parents=True, exist_ok=True)
    (folder.photos / "a.jpg").touch()
    write_survey(folder, Survey((SurveyedPhoto("a.jpg", width=600, height=400),), (), 0))
    return folder


@pytest.mark.parametrize(
    "box", [(0, 0, 9999, 9999), (-20, 0, 200, 200), (0, 300, 200, 410), (0, -9, 100, 200)]
)
def test_a_crop_beyond_the_photo_is_refused_and_nothing_is_kept(
    person: PersonFolder, box: tuple[float, float, float, float]
) -> None:
    with pytest.raises(InputError, match="600 x 400"):
        adjust_crop(person.workspace, person.slug, "a.jpg", box)
    assert read_choices(person).crops == {}


def test_a_crop_up_to_the_edges_is_kept_and_given_back(person: PersonFolder) -> None:
    adjust_crop(person.workspace, person.slug, "a.jpg", (0, 0, 600.4, 400))
    assert read_choices(person).crops == {"a.jpg": (0, 0, 600.4, 400)}
    adjust_crop(person.workspace, person.slug, "a.jpg", None)
    assert read_choices(person).crops == {}
