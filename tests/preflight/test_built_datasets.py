"""A dataset that we build is what the trainer then sees: our forecast, and real sd-scripts."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from test_counts_of_sd_scripts import as_counted, ask_sd_scripts

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.captions.book import CaptionBook, write_captions
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.preflight.forecast import step_plan
from lib_t2p.preflight.training_images import collect_images, scan_images
from lib_t2p.settings.settings import settings_from
from lib_t2p.vision.faces.tools import load_tools
from lib_t2p.vision.photo_files.images import open_photo
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import DatasetFolder, PersonFolder, open_workspace

pytestmark = pytest.mark.slow

SETTINGS: dict[str, Any] = {
    "resolution": "512,512",
    "caption_extension": ".txt",
    "enable_bucket": True,
    "bucket_no_upscale": True,
    "min_bucket_reso": 256,
    "max_bucket_reso": 1024,
    "train_batch_size": 3,
    "max_train_epochs": 4,
}


CASES: dict[str, dict[str, Any]] = {
    "buckets": {
        "framing": "whole",
        "repeats": 4,
        "face_repeats": 2,
        "shape": "buckets",
        "small_photos": "smaller",
        "most_enlarging": 1.0,
        "regularisation": "photos",
    },
    "square": {"resolution": 512, "repeats": 10, "regularisation": "photos"},
    "framings": {
        "framing": "bust",
        "repeats": 3,
        "face_repeats": 7,
        "whole_repeats": 1,
        "small_photos": "enlarge",
    },
    "masked": {
        "framing": "whole",
        "repeats": 5,
        "shape": "buckets",
        "others": "fill",
        "small_photos": "enlarge",
    },
    "few": {
        "framing": "whole",
        "repeats": 2,
        "shape": "buckets",
        "small_photos": "enlarge",
        "wanted": 9,
        "held_out": 3,
    },
}
TRAININGS: dict[str, dict[str, Any]] = {
    "as built": {},
    "enlarged in buckets": {"bucket_no_upscale": False, "resolution": "640,640"},
    "accumulated": {"gradient_accumulation_steps": 3, "train_batch_size": 2},
}
"""What a recipe may change."""


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> PersonFolder:
    pytest.importorskip("skimage")
    pytest.importorskip("dlib")
    cbook = pytest.importorskip("matplotlib.cbook")
    root = tmp_path_factory.mktemp("built")
    person = create_person(
        open_workspace(root / "workspace"), Person("Ada", "adaex", "woman", "mine", "2026")
    )
    with cbook.get_sample_data("grace_hopper.jpg") as file:
        (root / "other.jpg").write_bytes(file.read())
    photos = write_demo_photos(root / "roll")
    import_photos(person, [photos], SilentReporter())
    cut_some(person.photos)
    add_company(person.photos, root / "other.jpg")
    import_photos(person.class_photos, [root / "other.jpg"], SilentReporter())
    names = sorted(f.name for f in person.photos.iterdir())
    book = CaptionBook().changed(dict.fromkeys(names[::2], "{token}, {pose}"), "half")
    write_captions(person, book)
    return person


@pytest.fixture(scope="module", params=CASES)
def built(person: PersonFolder, request: pytest.FixtureRequest) -> DatasetFolder:
    options = DatasetOptions.from_mapping(CASES[request.param])
    return build_dataset(person, options, load_tools(), SilentReporter())


def cut_some(photos: Path) -> None:
    """Give some photos another shape."""
    from PIL import Image

    for number, path in enumerate(sorted(photos.glob("portrait-*.jpg"))[:6]):
        with Image.open(path) as photo:
            low, high = (40, 440) if number % 2 else (0, 480)
            cut = photo.crop((low, 0, high, 480 if number % 2 else 420))
        path.unlink()
        cut.save(path, quality=92)


def add_company(photos: Path, other: Path) -> None:
    """Another person beside the person in two photos, whose heads are then masked."""
    from PIL import Image

    with Image.open(other) as opened:
        face = opened.convert("RGB").crop((110, 20, 410, 400)).resize((220, 279))
    for number, path in enumerate(sorted(photos.glob("portrait-*.jpg"))[8:10]):
        with Image.open(path) as photo:
            wide = Image.new("RGB", (photo.width + 300, photo.height), (90 + number, 110, 100))
            wide.paste(photo, (0, 0))
        wide.paste(face, (photo.width + 40, 60))
        path.unlink()
        wide.save(path, quality=92)


def test_bystanders_are_masked_in_the_pictures_themselves(person: PersonFolder) -> None:
    options = DatasetOptions.from_mapping(CASES["masked"])
    built = build_dataset(person, options, load_tools(), SilentReporter())
    crops = [crop for d in read_manifest(built).of_state("kept") for crop in d.crops]
    masked = [crop for crop in crops if crop.masks]
    assert masked
    detector = load_tools().detector
    for crop in masked:
        picture = open_photo(built.root / crop.file).picture
        assert len(detector.detect(picture)) == 1
    # No mask lies beside a picture: nothing has to be switched on in the trainer.
    assert {f.suffix for f in built.img.rglob("*") if f.is_file()} <= {".png", ".txt"}


def test_the_forecast_sees_the_sizes_repeats_and_captions_of_the_manifest(
    built: DatasetFolder,
) -> None:
    settings = settings_from(SETTINGS)
    images = {i.path: i for i in collect_images(built.img, None, settings)}
    manifest = read_manifest(built)
    crops = [crop for d in manifest.of_state("kept") for crop in d.crops]
    assert {built.root / crop.file for crop in crops} == set(images)
    sizes = Counter(crop.size for crop in crops)
    assert (len(sizes) > 1) == (manifest.options.shape == "buckets")
    for crop in crops:
        image = images[built.root / crop.file]
        assert (image.size, image.repeats) == (crop.size, crop.repeats)
        # Nothing is cut off or scaled by the trainer.
        assert image.placement.bucket == image.placement.resized == crop.size
        assert image.caption == (crop.caption or "adaex woman")


@pytest.mark.slow
@pytest.mark.parametrize("training", TRAININGS)
def test_sd_scripts_counts_what_we_forecast(built: DatasetFolder, training: str) -> None:
    checkout = os.environ.get("T2P_SD_SCRIPTS")
    python = os.environ.get("T2P_SD_SCRIPTS_PYTHON")
    if not checkout or not python:
        pytest.skip("T2P_SD_SCRIPTS and T2P_SD_SCRIPTS_PYTHON name no sd-scripts")
    values = {k: v for k, v in {**SETTINGS, **TRAININGS[training]}.items() if v is not False}
    settings = settings_from(values)
    reg = built.reg if built.reg.is_dir() else None
    plan = step_plan(collect_images(built.img, reg, settings), settings)
    raw = 0
    if reg:
        raw = sum(i.repeats for i in scan_images(reg, is_reg=True, settings=settings)[0])
    counted = ask_sd_scripts(checkout, python, built.root, values)
    assert counted == as_counted(plan, raw)
