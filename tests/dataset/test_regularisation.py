from pathlib import Path

import pytest
from dataset_fakes import BLUE, GREEN, RED, draw_photo
from PIL import Image

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.workspace.person import PersonFolder

pytestmark = pytest.mark.slow

OPTIONS = DatasetOptions(
    resolution=64,
    repeats=2,
    least_sharpness=0.0,
    least_light=0.0,
    least_contrast=0.0,
    regularisation="photos",
)


def roll(folder: Path) -> Path:
    """Six others, the person herself, two at once, nobody."""
    for n in range(6):
        draw_photo(folder / f"other{n}.png", 50 + n, ((GREEN, BLUE)[n % 2], 150, 120, 80))
    draw_photo(folder / "herself.png", 60, (RED, 150, 120, 80))
    draw_photo(folder / "two.png", 61, (GREEN, 80, 120, 80), (BLUE, 250, 120, 80))
    draw_photo(folder / "nobody.png", 62)
    return folder


def test_class_photos_go_into_the_version_without_the_person(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter, tmp_path: Path
) -> None:
    for n in range(5):
        draw_photo(person.photos / f"p{n}.png", n, (RED, 150, 120, 80))
    import_photos(person.class_photos, [roll(tmp_path / "roll")], reporter)
    assert len(list(person.photos.iterdir())) == 5
    folder = build_dataset(person, OPTIONS, fakes, reporter)
    written = sorted((folder.reg / "1_woman").iterdir())
    assert len(written) == 6
    for file in written:
        with Image.open(file) as image:
            assert image.size == (64, 64)
    manifest = read_manifest(folder)
    assert manifest.class_pictures == 6
    reasons = dict(manifest.class_refused)
    assert set(reasons) == {"herself.png", "two.png", "nobody.png"}
    assert "the person's" in reasons["herself.png"]
    # Three or four pictures are trained on, twice each: six are a little less.
    assert any("regularisation images" in warning for warning in reporter.warnings) == (
        sum(c.repeats for d in manifest.decisions for c in d.crops) > 6
    )


def test_no_more_are_taken_than_an_epoch_shows(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter, tmp_path: Path
) -> None:
    for n in range(3):
        draw_photo(person.photos / f"p{n}.png", n, (RED, 150, 120, 80))
    import_photos(person.class_photos, [roll(tmp_path / "roll")], reporter)
    once = DatasetOptions.from_mapping({**vars(OPTIONS), "repeats": 1})
    folder = build_dataset(person, once, fakes, reporter)
    kept = sum(c.repeats for d in read_manifest(folder).decisions for c in d.crops)
    assert len(list((folder.reg / "1_woman").iterdir())) == kept < 6


def test_a_set_without_pictures_is_one_sentence(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    draw_photo(person.photos / "p.png", 1, (RED, 150, 120, 80))
    with pytest.raises(InputError, match="no regularisation images"):
        build_dataset(person, OPTIONS, fakes, reporter)
    assert person.datasets() == []
