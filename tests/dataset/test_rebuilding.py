import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from dataset_fakes import BLUE, GREEN, RED, draw_photo

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.captions.book import CaptionBook, write_captions
from lib_t2p.dataset.crop_planning import PlannedCrop
from lib_t2p.dataset.enlarging import Enlarged, with_lanczos
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_choices import PhotoChoices, write_choices
from lib_t2p.dataset.rebuilding import rebuild_dataset
from lib_t2p.errors import FaultsError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.vision.photo_files.images import OpenedPhoto
from lib_t2p.workspace.person import DatasetFolder, PersonFolder

pytestmark = pytest.mark.slow

OPTIONS = DatasetOptions(
    resolution=128,
    repeats=2,
    least_sharpness=0.0,
    least_light=0.0,
    least_contrast=0.0,
    shape="buckets",
    face_repeats=3,
    others="blur",
    most_enlarging=4.0,
    regularisation="photos",
)


def files_of(folder: DatasetFolder) -> dict[str, bytes]:
    found = (f for f in folder.root.rglob("*") if f.is_file())
    return {f.relative_to(folder.root).as_posix(): f.read_bytes() for f in found}


@pytest.fixture
def built(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter, tmp_path: Path
) -> DatasetFolder:
    for n in range(6):
        size = (403 + 31 * n, 301)
        draw_photo(person.photos / f"p{n}.png", n, (RED, 140 + 3 * n, 117, 83), size=size)
    couple = ((RED, 150, 120, 80), (GREEN, 232, 120, 80))
    draw_photo(person.photos / "couple.png", 23, *couple)
    draw_photo(tmp_path / "roll" / "other.png", 50, (BLUE, 151, 122, 77))
    import_photos(person.class_photos, [tmp_path / "roll"], reporter)
    write_choices(person, PhotoChoices(crops={"p1.png": (33.3, 20.7, 301.9, 288.1)}))
    write_captions(person, CaptionBook().with_default("{token}, {pose}", "all"))
    return build_dataset(person, OPTIONS, fakes, reporter)


def test_a_rebuild_gives_the_same_bytes_whatever_was_decided_since(
    person: PersonFolder, built: DatasetFolder, reporter: SilentReporter
) -> None:
    manifest = read_manifest(built)
    crops = [crop for decision in manifest.decisions for crop in decision.crops]
    assert any(crop.masks for crop in crops)
    assert any(crop.by_hand for crop in crops)
    assert manifest.class_pictures == 1
    write_choices(person, PhotoChoices(left_out=frozenset({"p2.png"})))
    write_captions(person, CaptionBook())
    again = rebuild_dataset(person, manifest, reporter)
    assert again.number == built.number + 1
    assert files_of(again) == files_of(built)


def test_photos_that_are_gone_or_changed_are_named_at_once(
    person: PersonFolder, built: DatasetFolder, reporter: SilentReporter
) -> None:
    (person.photos / "p0.png").unlink()
    draw_photo(person.photos / "p3.png", 99, (RED, 150, 120, 80))
    with pytest.raises(FaultsError) as caught:
        rebuild_dataset(person, read_manifest(built), reporter)
    assert [fault.split()[0] for fault in caught.value.faults] == ["p0.png", "p3.png"]
    assert len(person.datasets()) == 1


def enlarged_pale(opened: OpenedPhoto, planned: PlannedCrop) -> Enlarged:
    """A WebUI's upscaler that nobody can ask again."""
    picture = with_lanczos(opened, planned).picture
    return Enlarged(255 - picture, "4x-Faces") if planned.enlarging > 1 else Enlarged(picture)


def test_crops_that_a_webui_enlarged_are_the_same_bytes_while_a_version_has_them(
    person: PersonFolder, fakes: VisionTools, reporter: SilentReporter
) -> None:
    for n in range(4):
        draw_photo(person.photos / f"p{n}.png", n, (RED, 140 + 3 * n, 117, 83))
    options = replace(OPTIONS, resolution=512, small_photos="enlarge", regularisation="")
    built = build_dataset(person, options, fakes, reporter, enlarged_pale)
    manifest = read_manifest(built)
    assert "4x-Faces" in {crop.upscaler for d in manifest.decisions for crop in d.crops}
    again = rebuild_dataset(person, manifest, reporter)
    assert files_of(again) == files_of(built)
    for folder in (built, again):
        shutil.rmtree(folder.root)
    assert reporter.warnings == []
    rebuild_dataset(person, manifest, reporter)
    assert "Lanczos enlarges them this time" in reporter.warnings[-1]
