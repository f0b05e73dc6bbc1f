from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dataset_fakes import BLUE, GREEN, RED, draw_photo
from PIL import Image

from lib_t2p.dataset import building
from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.manifest import PhotoDecision, read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import InputError, StopRequested
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.workspace.person import DatasetFolder, PersonFolder

pytestmark = pytest.mark.slow

OPTIONS = DatasetOptions(
    resolution=64, repeats=5, least_sharpness=0.0, least_light=0.0, least_contrast=0.0
)


def photos_of(person: PersonFolder, count: int, colour: tuple[int, int, int] = RED) -> None:
    for n in range(count):
        draw_photo(person.photos / f"p{colour.index(255)}{n}.png", n, (colour, 150, 120, 80))


def decisions(folder: DatasetFolder) -> dict[str, PhotoDecision]:
    return {d.photo: d for d in read_manifest(folder).decisions}


def files_of(folder: DatasetFolder) -> dict[str, bytes]:
    found = (f for f in folder.root.rglob("*") if f.is_file())
    return {f.relative_to(folder.root).as_posix(): f.read_bytes() for f in found}


def test_the_folder_is_laid_out_for_kohya(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 8)
    folder = build_dataset(person, OPTIONS, fakes, reporter)
    assert folder == person.datasets()[0]
    assert [d.name for d in folder.img.iterdir()] == ["5_adal woman"]
    names = sorted(f.name for f in (folder.img / "5_adal woman").iterdir())
    assert names == [f"{n:03d}.png" for n in range(1, 7)]
    assert sorted(f.name for f in folder.heldout.iterdir()) == ["001.png", "002.png"]
    for file in folder.img.rglob("*.png"):
        with Image.open(file) as image:
            assert (image.size, image.mode) == ((64, 64), "RGB")
            assert not image.getexif()
    assert folder.sheet.stat().st_size > 1000


def test_each_bad_photo_has_its_reason(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter, tmp_path: Path
) -> None:
    photos_of(person, 6)
    draw_photo(person.photos / "soft.png", 20)
    tiles = np.kron(np.indices((15, 20)).sum(axis=0) % 2, np.ones((20, 20)))
    Image.fromarray((60 + 120 * tiles).astype(np.uint8)).save(person.photos / "nobody.png")
    draw_photo(person.photos / "stranger.png", 21, (BLUE, 150, 120, 80))
    draw_photo(person.photos / "tiny.png", 22, (RED, 150, 120, 20))
    draw_photo(person.photos / "couple.png", 23, (RED, 150, 120, 80), (GREEN, 232, 120, 80))
    (person.photos / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with Image.open(person.photos / "p00.png") as first:
        first.resize((280, 210)).save(person.photos / "twin.png")
    (tmp_path / "empty.jpg").write_bytes(b"")
    with pytest.raises(InputError):
        import_photos(person, [tmp_path / "empty.jpg"], reporter)
    found = decisions(build_dataset(person, OPTIONS, fakes, reporter))
    codes = {name: d.code for name, d in found.items() if d.state == "left_out"}
    assert codes == {
        "soft.png": "blurred",
        "nobody.png": "no_face",
        "stranger.png": "other_person",
        "tiny.png": "too_small",
        "couple.png": "several_people",
        "broken.png": "corrupt",
        "twin.png": "near_duplicate",
        "empty.jpg": "corrupt",
    }
    assert all(found[name].reason.endswith(".") for name in codes)
    assert "p00.png" in found["twin.png"].reason


def test_a_blurred_face_is_left_out(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 4)
    options = DatasetOptions(
        resolution=64, least_sharpness=1000.0, least_light=0.0, least_contrast=0.0
    )
    with pytest.raises(InputError, match="None of the 4 photos.*blurred"):
        build_dataset(person, options, fakes, reporter)


def test_the_same_photos_give_the_same_bytes(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 5)
    first = build_dataset(person, OPTIONS, fakes, reporter)
    second = build_dataset(person, OPTIONS, fakes, reporter)
    assert (first.number, second.number) == (1, 2)
    assert files_of(first) == files_of(second)


def test_two_people_without_a_dominant_one_are_one_clear_error(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 5)
    photos_of(person, 4, GREEN)
    with pytest.raises(InputError, match="show 2 people: 5 of one, 4 of another") as caught:
        build_dataset(person, OPTIONS, fakes, reporter)
    assert f"`t2p.py dataset people {person.slug} --choose 1`" in str(caught.value)
    assert person.datasets() == []


def test_a_few_photos_of_somebody_else_are_left_out(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 6)
    photos_of(person, 2, GREEN)
    found = decisions(build_dataset(person, OPTIONS, fakes, reporter))
    assert {n for n, d in found.items() if d.code == "other_person"} == {"p10.png", "p11.png"}


def test_photos_without_faces_are_one_clear_error(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    draw_photo(person.photos / "a.png", 1)
    with pytest.raises(InputError, match="No face was found in any of the 1 photos"):
        build_dataset(person, OPTIONS, fakes, reporter)


def test_no_photos_are_one_clear_error(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    with pytest.raises(InputError, match="There are no photos in"):
        build_dataset(person, OPTIONS, fakes, reporter)


def test_a_turned_photo_is_repaired_and_upright(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 3)
    upright = Image.open(draw_photo(person.photos / "t.png", 9, (RED, 150, 60, 80)))
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = upright.transpose(Image.Transpose.ROTATE_90)
    sideways.save(person.photos / "t.png", exif=exif)
    decision = decisions(build_dataset(person, OPTIONS, fakes, reporter))["t.png"]
    assert decision.repaired == ("rotated",)
    assert (decision.numbers["width"], decision.numbers["height"]) == (400, 300)


class Impatient(SilentReporter):
    def __init__(self, phase: str) -> None:
        super().__init__()
        self.wanted, self.now = phase, ""

    def phase(self, name: str) -> None:
        self.now = name

    def check_stop(self) -> None:
        if self.now == self.wanted:
            raise StopRequested("Stopped.")


def test_a_stopped_build_leaves_nothing(person: PersonFolder, fakes: VisionTools) -> None:
    photos_of(person, 3)
    with pytest.raises(StopRequested):
        build_dataset(person, OPTIONS, fakes, Impatient("crops"))
    assert person.datasets() == []
    assert list((person.root / "datasets").iterdir()) == []


def test_what_a_killed_build_left_is_never_trusted_and_removed(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 3)
    left = person.root / "datasets" / "001-4194303999.part"
    (left / "img").mkdir(parents=True)
    (left / "manifest.json").write_text("{}")
    assert person.datasets() == []
    folder = build_dataset(person, OPTIONS, fakes, reporter)
    assert folder.number == 1
    assert not left.exists()


def test_a_failure_while_drawing_leaves_nothing(
    person: PersonFolder,
    fakes: VisionTools,
    reporter: SilentReporter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise InputError("no more ink")

    photos_of(person, 3)
    monkeypatch.setattr(building, "write_sheet", fail)
    with pytest.raises(InputError, match="ink"):
        build_dataset(person, OPTIONS, fakes, reporter)
    assert list((person.root / "datasets").iterdir()) == []


def test_wanted_keeps_the_best_and_says_why(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 6)
    options = DatasetOptions(
        resolution=64, least_sharpness=0.0, least_contrast=0.0, wanted=4, held_out=1
    )
    found = decisions(build_dataset(person, options, fakes, reporter))
    states = [d.state for d in found.values()]
    assert (states.count("kept"), states.count("held_out")) == (3, 1)
    assert sum(d.code == "not_needed" for d in found.values()) == 2


def test_few_photos_hold_none_out_and_warn(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 2)
    folder = build_dataset(person, OPTIONS, fakes, reporter)
    assert not list(folder.root.glob("heldout/*.png"))
    assert any("none is held out" in w for w in reporter.warnings)


def test_crops_show_the_face_where_it_was(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 3)
    folder = build_dataset(person, OPTIONS, fakes, reporter)
    pixels = np.asarray(Image.open(folder.img / "5_adal woman" / "001.png")).astype(int)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60)
    crop = decisions(folder)["p00.png"].crop
    assert crop is not None
    assert red.mean() == pytest.approx((80 / (crop[2] - crop[0])) ** 2, rel=0.1)


@pytest.mark.parametrize(
    ("photos", "asked", "told"),
    [
        (2, None, "none is held out"),
        (3, None, "Only one photo is held out"),
        (5, 4, "3 photos are held out instead of 4"),
    ],
)
def test_too_few_photos_for_scoring_are_told(
    person: PersonFolder,
    fakes: VisionTools,
    reporter: SilentReporter,
    photos: int,
    asked: int | None,
    told: str,
) -> None:
    photos_of(person, photos)
    build_dataset(person, replace(OPTIONS, held_out=asked), fakes, reporter)
    assert any(told in warning for warning in reporter.warnings)


def test_who_wants_none_held_out_is_not_warned(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    photos_of(person, 4)
    folder = build_dataset(person, replace(OPTIONS, held_out=0), fakes, reporter)
    assert not any("held out" in warning for warning in reporter.warnings)
    assert len(list(folder.img.glob("*/*.png"))) == 4
