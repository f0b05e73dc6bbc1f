from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("skimage")

from lib_t2p.dataset.sample_photos import PIXELS, VARIANTS, write_demo_photos

pytestmark = pytest.mark.slow


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    first = write_demo_photos(tmp_path / "a")
    second = write_demo_photos(tmp_path / "b")
    names = sorted(p.name for p in first.iterdir())
    assert len(names) == len(VARIANTS) + 4
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_sideways_photo_needs_its_exif_turn(tmp_path: Path) -> None:
    folder = write_demo_photos(tmp_path)
    with Image.open(folder / "sideways.jpg") as picture:
        assert picture.getexif()[0x0112] == 6


def test_turned_variants_have_no_black_corners(tmp_path: Path) -> None:
    folder = write_demo_photos(tmp_path)
    corners = [(0, 0), (PIXELS - 1, 0)]
    for path in folder.glob("portrait-*.jpg"):
        with Image.open(path) as picture:
            assert all(sum(picture.convert("RGB").getpixel(c)) > 60 for c in corners)  # type: ignore[arg-type]
