"""Nothing that is written of a photo tells where, when or with what it was taken."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from dataset_fakes import BLUE, GREEN, RED, draw_photo
from PIL import Image
from test_rebuilding import OPTIONS

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.rebuilding import rebuild_dataset
from lib_t2p.dataset.surveying import survey_photos
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.vision.faces.tools import VisionTools
from lib_t2p.workspace.person import PersonFolder

pytestmark = pytest.mark.slow

SECRET = b"secret place"
GPS, DESCRIPTION, MAKER = 0x8825, 0x010E, 0x010F


def with_secrets(drawn: Path, target: Path) -> None:
    """Save a photo as a phone does, with the place and XMP."""
    exif = Image.Exif()
    exif[DESCRIPTION] = exif[MAKER] = SECRET.decode()
    exif.get_ifd(GPS)[2] = (48.0, 12.0, 30.0)
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(drawn) as photo:
        xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
        photo.save(target, exif=exif, quality=97, subsampling=0, xmp=xmp, comment=SECRET)


def written(person: PersonFolder) -> list[Path]:
    """All files of the workspace but the originals, which stay as they are."""
    originals = (person.photos, person.class_photos.photos)
    files = (f for f in person.workspace.root.rglob("*") if f.is_file())
    return [f for f in files if not any(f.is_relative_to(folder) for folder in originals)]


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_no_file_of_a_finished_workspace_has_exif(
    person: PersonFolder,
    fakes: VisionTools,
    reporter: SilentReporter,
    tmp_path: Path,
    suffix: str,
) -> None:
    for n in range(6):
        drawn = draw_photo(tmp_path / f"{n}.png", n, (RED, 140 + 3 * n, 117, 83))
        with_secrets(drawn, tmp_path / "roll" / f"p{n}{suffix}")
    couple = draw_photo(tmp_path / "c.png", 23, (RED, 150, 120, 80), (GREEN, 232, 120, 80))
    with_secrets(couple, tmp_path / "roll" / f"couple{suffix}")
    other = draw_photo(tmp_path / "o.png", 50, (BLUE, 151, 122, 77))
    with_secrets(other, tmp_path / "others" / f"o{suffix}")
    packed = draw_photo(tmp_path / "z.png", 60, (RED, 131, 119, 81))
    with_secrets(packed, tmp_path / f"packed{suffix}")
    with zipfile.ZipFile(tmp_path / "roll" / "more.zip", "w") as archive:
        archive.write(tmp_path / f"packed{suffix}")
    import_photos(person, [tmp_path / "roll"], reporter)
    import_photos(person.class_photos, [tmp_path / "others"], reporter)
    # Originals, linked, copied or unpacked, are never changed: a second import knows them by
    # their bytes, and days and sessions are told apart by their time.
    packed_bytes = (tmp_path / f"packed{suffix}").read_bytes()
    assert (person.photos / f"packed{suffix}").read_bytes() == packed_bytes
    assert SECRET in (person.photos / f"p0{suffix}").read_bytes()
    survey_photos(person, fakes, reporter)
    built = build_dataset(person, OPTIONS, fakes, reporter)
    rebuild_dataset(person, read_manifest(built), reporter)
    files = written(person)
    pictures = [f for f in files if f.suffix in (".png", ".jpg", ".webp")]
    assert len(pictures) > 25
    for file in files:
        assert SECRET not in file.read_bytes(), file
    for file in pictures:
        with Image.open(file) as picture:
            assert not picture.getexif(), file
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info), file
