import pytest
from dataset_fakes import BLUE, GREEN, RED, draw_photo, fake_tools

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.inspecting import inspect_photos
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_choices import PhotoChoices, read_choices, write_choices
from lib_t2p.dataset.subject import find_people
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.results import Face, Picture
from lib_t2p.workspace.person import PersonFolder

pytestmark = pytest.mark.slow

OPTIONS = DatasetOptions(resolution=64, least_sharpness=0.0, least_light=0.0, least_contrast=0.0)


def two_people(person: PersonFolder) -> None:
    for n in range(5):
        draw_photo(person.photos / f"green{n}.png", n, (GREEN, 150, 120, 80))
    for n in range(4):
        draw_photo(person.photos / f"red{n}.png", 10 + n, (RED, 150, 120, 80))


def used(person: PersonFolder, tools: VisionTools) -> set[str]:
    built = build_dataset(person, OPTIONS, tools, SilentReporter())
    return {d.photo for d in read_manifest(built).decisions if d.state != "left_out"}


def test_one_choice_decides_between_two_people(person: PersonFolder, fakes: VisionTools) -> None:
    two_people(person)
    people = find_people(inspect_photos(person, fakes, SilentReporter()), 0.6)
    assert [len(p.photos) for p in people] == [5, 4]
    write_choices(person, PhotoChoices(anchor=people[1].anchor))
    assert used(person, fakes) == {f"red{n}.png" for n in range(4)}


def test_a_photo_is_left_out_and_put_back(person: PersonFolder, fakes: VisionTools) -> None:
    for n in range(5):
        draw_photo(person.photos / f"red{n}.png", n, (RED, 150, 120, 80))
    draw_photo(person.photos / "tiny.png", 9, (RED, 150, 120, 24))
    everything = {f"red{n}.png" for n in range(5)}
    assert used(person, fakes) == everything
    write_choices(person, read_choices(person).leave_out(["red2.png"]).put_in(["tiny.png"]))
    assert used(person, fakes) == everything - {"red2.png"} | {"tiny.png"}
    write_choices(person, read_choices(person).put_in(["red2.png"]).forget(["tiny.png"]))
    assert used(person, fakes) == everything


def test_a_no_to_a_face_takes_its_photo_out(person: PersonFolder, fakes: VisionTools) -> None:
    for n in range(5):
        draw_photo(person.photos / f"red{n}.png", n, (RED, 150, 120, 80))
    write_choices(person, PhotoChoices().answer(("red1.png", 0), is_person=False))
    assert "red1.png" not in used(person, fakes)


def test_a_photo_that_is_not_there_cannot_be_chosen(person: PersonFolder) -> None:
    with pytest.raises(InputError, match=r"no photo named gone\.png"):
        write_choices(person, PhotoChoices().leave_out(["gone.png"]))


def test_what_was_seen_is_not_looked_at_again(person: PersonFolder, fakes: VisionTools) -> None:
    class Blind:
        name = fakes.detector.name

        def detect(self, picture: Picture) -> list[Face]:
            raise AssertionError("looked again")

    for n in range(3):
        draw_photo(person.photos / f"{n}.png", n, (BLUE, 150, 120, 80))
    first = inspect_photos(person, fakes, SilentReporter())
    again = inspect_photos(person, VisionTools(Blind(), fake_tools().embedder), SilentReporter())
    assert [r.faces[0].face for r in again] == [r.faces[0].face for r in first]
    assert (again[1].hashes, again[1].sha256) == (first[1].hashes, first[1].sha256)
