import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from lib_t2p.errors import PhotoError
from lib_t2p.vision.photo_files.images import MAX_SIDE, open_photo, save_jpeg, save_png


def two_halves(width: int = 60, height: int = 40) -> Image.Image:
    """Red left, blue right."""
    image = Image.new("RGB", (width, height), (220, 20, 20))
    image.paste((20, 20, 220), (width // 2, 0, width, height))
    return image


def is_red(pixel: np.ndarray) -> bool:
    return bool(pixel[0] > 150 and pixel[2] < 100)


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_exif_orientation_is_baked_in(tmp_path: Path, turn: int) -> None:
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = two_halves()
    for step in undo.get(turn, []):
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = turn
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)
    opened = open_photo(tmp_path / "a.jpg")
    assert opened.picture.shape == (40, 60, 3)
    assert (opened.width, opened.height) == (60, 40)
    assert is_red(opened.picture[20, 5])
    assert not is_red(opened.picture[20, 55])
    assert ("rotated" in opened.repaired) is (turn != 1)


def test_a_large_turned_photo_is_reduced_and_its_full_size_kept(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    two_halves(3000, 2000).save(tmp_path / "a.jpg", exif=exif)
    opened = open_photo(tmp_path / "a.jpg", 500)
    assert (opened.width, opened.height) == (2000, 3000)
    assert max(opened.picture.shape) == 500
    assert opened.scale == pytest.approx(1 / 6, rel=0.01)


def test_a_heic_photo_is_converted(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    try:
        two_halves(64, 64).save(tmp_path / "a.heic", quality=90)
    except (OSError, RuntimeError, KeyError) as error:
        pytest.skip(f"no HEIC encoder: {error}")
    opened = open_photo(tmp_path / "a.heic")
    assert opened.kind == "HEIF"
    assert "converted" in opened.repaired
    assert is_red(opened.picture[30, 5])


@pytest.mark.parametrize("mode", ["CMYK", "P", "RGBA", "LA", "L", "1"])
def test_other_modes_become_rgb(tmp_path: Path, mode: str) -> None:
    name = "a.tif" if mode == "CMYK" else "a.png"
    two_halves().convert(mode).save(tmp_path / name)
    opened = open_photo(tmp_path / name)
    assert opened.picture.shape == (40, 60, 3)
    assert opened.picture.dtype == np.uint8
    assert ("converted" in opened.repaired) is (mode not in ("L", "1"))


def test_sixteen_bits_are_scaled_not_cut(tmp_path: Path) -> None:
    values = np.full((20, 20), 32768, np.uint16)
    values[:, 10:] = 65535
    Image.fromarray(values).save(tmp_path / "a.png")
    picture = open_photo(tmp_path / "a.png").picture
    assert abs(int(picture[5, 2, 0]) - 128) <= 1
    assert picture[5, 15, 0] == 255


def test_transparent_parts_become_white(tmp_path: Path) -> None:
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert (open_photo(tmp_path / "a.png").picture == 255).all()


def test_a_broken_colour_profile_does_not_lose_the_photo(tmp_path: Path) -> None:
    two_halves().save(tmp_path / "a.jpg", icc_profile=b"no profile at all", quality=95)
    assert is_red(open_photo(tmp_path / "a.jpg").picture[20, 5])


def test_an_srgb_profile_changes_nothing(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    two_halves().save(tmp_path / "a.png", icc_profile=profile)
    opened = open_photo(tmp_path / "a.png")
    assert np.abs(opened.picture.astype(int) - np.asarray(two_halves()).astype(int)).max() <= 1
    assert opened.repaired == ()


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    two_halves().save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert open_photo(tmp_path / "a.jpg").kind == "PNG"


def jpeg_bytes() -> bytes:
    rng = np.random.default_rng(0)
    out = io.BytesIO()
    Image.fromarray(rng.integers(0, 255, (200, 200, 3), np.uint8)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes"),
        (b"hello, I am a text file", "no picture"),
        (jpeg_bytes()[:3000], "cut off"),
        (jpeg_bytes()[:20], "cut off"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "cut off"),
    ],
    ids=["empty", "text", "truncated", "header only", "hollow png"],
)
@pytest.mark.parametrize("longest", [None, 64])
def test_a_bad_file_gets_one_sentence(
    tmp_path: Path, content: bytes, said: str, longest: int | None
) -> None:
    (tmp_path / "bad.jpg").write_bytes(content)
    with pytest.raises(PhotoError, match=said) as caught:
        open_photo(tmp_path / "bad.jpg", longest)
    assert "bad.jpg" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_panorama_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    Image.new("RGB", (30_000, 40)).save(tmp_path / "pano.jpg")
    with pytest.raises(PhotoError, match=f"30000 x 40 px.*{MAX_SIDE} px"):
        open_photo(tmp_path / "pano.jpg", 100)


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    Image.new("1", (19_000, 19_000)).save(tmp_path / "bomb.png")
    with pytest.raises(PhotoError, match="limit of"):
        open_photo(tmp_path / "bomb.png")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for name in ("gone.jpg", "."):
        with pytest.raises(PhotoError, match="missing or no file"):
            open_photo(tmp_path / name)


def test_saved_pictures_carry_no_metadata_and_equal_bytes(tmp_path: Path) -> None:
    picture = np.asarray(two_halves())
    for save, name in ((save_png, "a.png"), (save_jpeg, "a.jpg")):
        save(picture, tmp_path / name)
        first = (tmp_path / name).read_bytes()
        save(picture, tmp_path / name)
        assert (tmp_path / name).read_bytes() == first
        with Image.open(tmp_path / name) as image:
            assert not image.getexif()
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_large_sixteen_bit_photo_is_reduced(tmp_path: Path) -> None:
    wide = np.linspace(0, 65535, 400 * 300).reshape(300, 400).astype(np.uint16)
    Image.fromarray(wide).save(tmp_path / "a.png")
    opened = open_photo(tmp_path / "a.png", 100)
    assert opened.picture.shape == (75, 100, 3)
    assert (opened.width, opened.repaired) == (400, ("converted",))
    assert opened.picture[0].mean() < 10 and opened.picture[-1].mean() > 245
