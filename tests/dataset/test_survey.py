import shutil
from dataclasses import asdict, replace

import pytest
from dataset_fakes import BLUE, GREEN, RED, draw_photo
from PIL import Image

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.expected import outlook
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_choices import PhotoChoices, read_choices, write_choices
from lib_t2p.dataset.survey import read_survey
from lib_t2p.dataset.surveying import survey_photos
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.workspace.person import PersonFolder

pytestmark = pytest.mark.slow

OPTIONS = DatasetOptions(resolution=64, least_sharpness=0.0, least_light=0.0, least_contrast=0.0)


def mixed_photos(person: PersonFolder) -> None:
    for n in range(6):
        draw_photo(person.photos / f"p{n}.png", n, (RED, 150, 120, 80))
    draw_photo(person.photos / "nobody.png", 20)
    draw_photo(person.photos / "stranger.png", 21, (BLUE, 150, 120, 80))
    draw_photo(person.photos / "tiny.png", 22, (RED, 150, 120, 20))
    draw_photo(person.photos / "couple.png", 23, (RED, 150, 120, 80), (GREEN, 232, 120, 80))
    (person.photos / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with Image.open(person.photos / "p0.png") as first:
        first.resize((280, 210)).save(person.photos / "twin.png")


def test_the_outlook_says_what_a_build_then_does(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    mixed_photos(person)
    survey_photos(person, fakes, reporter)
    write_choices(person, read_choices(person).leave_out(["p1.png"]).put_in(["tiny.png"]))
    survey = read_survey(person)
    assert survey is not None
    changes = ({}, {"others": "fill"}, {"least_face": 90}, {"wanted": 4}, {"held_out": 1})
    for change in changes:
        options = DatasetOptions.from_mapping({**asdict(OPTIONS), **change})
        told = outlook(survey, options, read_choices(person))
        built = read_manifest(build_dataset(person, options, fakes, reporter))
        states = {d.photo: (d.state.replace("kept", "used"), d.code) for d in built.decisions}
        assert {o.photo.photo: (o.outcome, o.code) for o in told} == states
        assert bool(options.wanted) == ("not_needed" in {o.code for o in told})
    assert "held_out" in {o.outcome for o in told}


def test_a_survey_of_an_older_version_counts_all_that_are_good_enough_as_used(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    mixed_photos(person)
    survey = survey_photos(person, fakes, reporter)
    older = replace(survey, photos=tuple(replace(one, look=None) for one in survey.photos))
    told = outlook(older, replace(OPTIONS, wanted=2), PhotoChoices())
    assert sum(one.outcome == "used" for one in told) == 6
    assert "held_out" not in {one.outcome for one in told}


def test_people_have_tiles_and_the_dominant_one_is_chosen(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    mixed_photos(person)
    survey = survey_photos(person, fakes, reporter)
    assert survey.chosen == 0
    assert [found.photos for found in survey.people] == [9, 1, 1]
    for found in survey.people:
        with Image.open(person.face_tile(found.anchor)) as tile:
            assert tile.size == (160, 160)
            assert not tile.getexif()


def test_without_a_dominant_person_the_survey_says_to_choose(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    for n in range(4):
        draw_photo(person.photos / f"r{n}.png", n, (RED, 150, 120, 80))
        draw_photo(person.photos / f"b{n}.png", 10 + n, (BLUE, 150, 120, 80))
    survey = survey_photos(person, fakes, reporter)
    assert survey.chosen is None
    assert "2 people" in survey.doubt
    write_choices(person, PhotoChoices(survey.people[1].anchor))
    assert survey_photos(person, fakes, reporter).chosen == 1


def test_a_survey_is_kept_whole(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    mixed_photos(person)
    written = survey_photos(person, fakes, reporter)
    assert read_survey(person) == written
    shutil.rmtree(person.faces)
    assert read_survey(person) == written
