"""Photos that lie on their side without saying so are turned, and others never are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.expected import outlook
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.manifest import Manifest, read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_choices import PhotoChoices
from lib_t2p.dataset.rebuilding import rebuild_dataset
from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.dataset.surveying import survey_photos
from lib_t2p.errors import SetupError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools, load_tools
from lib_t2p.vision.faces.turning import Turn, turn_of, turned
from lib_t2p.vision.photo_files.images import open_photo
from lib_t2p.vision.results import Box, Face, Picture
from lib_t2p.workspace.person import DatasetFolder, PersonFolder

pytestmark = pytest.mark.slow

OPTIONS = DatasetOptions(resolution=256, near_duplicate_bits=0, held_out=0)
WIDE, HIGH = 480, 420


@pytest.fixture(scope="module")
def tools() -> VisionTools:
    pytest.importorskip("skimage")
    try:
        return load_tools()
    except SetupError as error:
        pytest.skip(str(error))


def write_roll(folder: Path) -> dict[str, int]:
    """Portraits, some of them turned counter-clockwise; what turns each upright again."""
    photos = sorted(write_demo_photos(folder / "all").glob("portrait-*.jpg"))[:9]
    needed = {}
    for number, path in enumerate(photos):
        turn = (0, 0, 0, 90, 180, 270, 0, 90, 180)[number]
        image = Image.open(path).convert("RGB").crop((0, 0, WIDE, HIGH))
        name = f"p{number}.png"
        (folder / "roll").mkdir(exist_ok=True)
        image.rotate(turn, expand=True).save(folder / "roll" / name)
        needed[name] = turn
    return needed


def crops_of(folder: DatasetFolder) -> dict[str, bytes]:
    return {
        path.relative_to(folder.root).as_posix(): path.read_bytes()
        for path in sorted(folder.img.rglob("*.png"))
    }


def test_turned_photos_are_used_upright_and_previews_and_rebuilds_agree(
    person: PersonFolder, reporter: SilentReporter, tools: VisionTools, tmp_path: Path
) -> None:
    needed = write_roll(tmp_path)
    import_photos(person, [tmp_path / "roll"], reporter)
    survey = survey_photos(person, tools, reporter)
    assert {photo.photo: photo.turn for photo in survey.photos} == needed
    looked = {one.photo.photo: one for one in outlook(survey, OPTIONS, PhotoChoices())}
    built = build_dataset(person, OPTIONS, tools, reporter)
    manifest: Manifest = read_manifest(built)
    for decision in manifest.decisions:
        turn, one = needed[decision.photo], looked[decision.photo]
        assert decision.code not in ("other_person", "no_face"), decision
        assert (decision.turn, "turned" in decision.repaired) == (turn, turn != 0)
        assert (decision.numbers["width"], decision.numbers["height"]) == (WIDE, HIGH)
        assert (one.photo.width, one.photo.height) == (WIDE, HIGH)
        preview = open_photo(person.preview(decision.photo))
        assert (preview.width, preview.height) == (WIDE, HIGH)
        assert (one.outcome == "left_out") is (decision.state == "left_out")
    kept = {d.photo: d for d in manifest.of_state("kept")}
    assert {needed[photo] for photo in kept} == {0, 90, 180, 270}
    for decision in kept.values():
        drawn = open_photo(built.root / decision.file).picture
        faces = tools.detector.detect(np.ascontiguousarray(drawn))
        assert faces and turn_of(drawn, faces, tools.detector) == Turn()
    again = rebuild_dataset(person, manifest, reporter)
    assert crops_of(again) == crops_of(built)
    assert read_manifest(again) == manifest


def face(score: float, roll: float = 0.0, width: float = 40.0) -> Face:
    """A frontal face that leans by `roll` degrees."""
    along = np.array([np.cos(np.radians(roll)), np.sin(np.radians(roll))])
    down = np.array([-along[1], along[0]])
    middle = np.array([50.0, 50.0])
    places = (-10 * along, 10 * along, 11.6 * down, 20 * down)
    points = tuple((float(p[0]), float(p[1])) for p in (middle + place for place in places))
    return Face(Box(30, 30, 30 + width, 70), score, points)


class Scripted:
    """Finds given faces in the picture turned by 90, 180 and 270 degrees, in this order."""

    name = "scripted"

    def __init__(self, *found: list[Face]) -> None:
        self.found = list(found)
        self.looks = 0

    def detect(self, picture: Picture) -> list[Face]:
        self.looks += 1
        return self.found[self.looks - 1]


PICTURE = np.zeros((100, 100, 3), np.uint8)


def test_a_photo_with_a_face_that_is_surely_upright_is_not_looked_at_again() -> None:
    detector = Scripted()
    assert turn_of(PICTURE, [face(0.7, 60), face(0.9, 10)], detector) == Turn()
    assert detector.looks == 0


@pytest.mark.parametrize(
    ("upright", "found", "turn"),
    [
        ([], ([], [face(0.9)], []), 180),
        ([], ([face(0.78)], [], []), 0),
        ([], ([face(0.95, 50)], [], []), 0),
        ([face(0.7, 60)], ([], [], [face(0.81)]), 270),
        ([face(0.8)], ([], [], [face(0.85)]), 0),
        ([face(0.75)], ([face(0.9)], [], []), 90),
        ([face(0.7, 60)], ([face(0.9, width=10.0)], [], []), 0),
        ([face(0.7, 60)], ([face(0.85)], [], [face(0.9)]), 270),
    ],
)
def test_only_a_surer_upright_face_of_its_size_turns_a_photo(
    upright: list[Face], found: tuple[list[Face], ...], turn: int
) -> None:
    assert turn_of(PICTURE, upright, Scripted(*found)).degrees == turn


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turns_go_clockwise(turn: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (5, 7, 3), np.uint8)
    expected = np.asarray(Image.fromarray(pixels).rotate(-turn, expand=True))
    assert (turned(pixels, turn) == expected).all()


def test_none_of_the_made_photos_is_turned_wrongly(tools: VisionTools) -> None:
    pytest.importorskip("matplotlib")
    corpus = pytest.importorskip("benchmarks.dataset_corpus")
    make = corpus.CorpusMaker(corpus.load_sources(), 5)
    pictures = [np.asarray(spoil(make).convert("RGB")) for spoil in corpus.FAULTS.values()]
    pictures += [np.asarray(source) for source in make.sources.objects]
    for picture in pictures:
        assert turn_of(picture, tools.detector.detect(picture), tools.detector).degrees == 0


@pytest.mark.parametrize(
    ("upright", "found", "may_lie"),
    [
        ([], ([], [face(0.76)], []), True),
        ([face(0.72, 55)], ([], [], []), True),
        ([face(0.72, 55)], ([face(0.79)], [], []), True),
        ([], ([], [], []), False),
        ([], ([face(0.66)], [], []), False),
        ([face(0.74)], ([face(0.78)], [], []), False),
        ([], ([face(0.9)], [], []), False),
    ],
)
def test_what_turns_no_photo_may_still_say_that_it_lies(
    upright: list[Face], found: tuple[list[Face], ...], may_lie: bool
) -> None:
    assert turn_of(PICTURE, upright, Scripted(*found)).may_lie == may_lie
