"""Metadata never cost a photo and never turn it wrongly, whatever stands in them."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from lib_t2p.errors import PhotoError
from lib_t2p.vision.photo_files.images import OpenedPhoto, open_photo

T = Image.Transpose
UNDO = {
    2: T.FLIP_LEFT_RIGHT,
    3: T.ROTATE_180,
    4: T.FLIP_TOP_BOTTOM,
    5: T.TRANSPOSE,
    6: T.ROTATE_90,
    7: T.TRANSVERSE,
    8: T.ROTATE_270,
}
KINDS = ("jpg", "png", "webp", "tif", "avif", "heic")


def marked(width: int = 320, height: int = 400) -> Image.Image:
    """Red left, blue right, a green corner at the top left."""
    image = Image.new("RGB", (width, height), (220, 20, 20))
    image.paste((20, 20, 220), (width // 2, 0, width, height))
    image.paste((20, 220, 20), (0, 0, width // 4, height // 4))
    return image


def exif_of(turn: int, taken: str = "") -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = turn
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    return exif


def stored(turn: int, image: Image.Image | None = None) -> Image.Image:
    image = image or marked()
    return image.transpose(UNDO[turn]) if turn > 1 else image


def write(path: Path, image: Image.Image, exif: bytes) -> Path:
    if path.suffix == ".heic":
        heif = pytest.importorskip("pillow_heif")
        heif.register_heif_opener()
    image.save(path, exif=exif, quality=95)
    return path


def is_right(opened: OpenedPhoto, size: tuple[int, int] = (320, 400)) -> bool:
    """Upright: its sizes, and the three colours where they belong."""
    small = marked(*size).resize(opened.picture.shape[1::-1])
    apart = np.abs(np.asarray(small).astype(int) - opened.picture).mean()
    return bool((opened.width, opened.height) == size and apart < 25)


@pytest.mark.parametrize("longest", [None, 250, 33])
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "jpeg", "packbits"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_tiff_is_upright_at_every_size(
    tmp_path: Path, turn: int, compression: str, longest: int | None
) -> None:
    for mode in ("RGB", "L", "CMYK", "P"):
        if (compression, mode) == ("jpeg", "P"):
            continue
        image = stored(turn).convert(mode)
        image.save(tmp_path / "a.tif", compression=compression, exif=exif_of(turn))
        opened = open_photo(tmp_path / "a.tif", longest)
        assert (opened.width, opened.height) == (320, 400)
        assert opened.scale == pytest.approx(1 if longest is None else longest / 400, rel=0.02)
        assert ("rotated" in opened.repaired) is (turn != 1)
        if mode != "L":
            assert is_right(opened), (mode, turn)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_a_marker_before_exif_may_be_doubled(tmp_path: Path, kind: str) -> None:
    exif = b"Exif\0\0Exif\0\0" + exif_of(6, "2024:05:01 12:00:00").tobytes().removeprefix(
        b"Exif\0\0"
    )
    opened = open_photo(write(tmp_path / f"a.{kind}", stored(6), exif))
    assert is_right(opened) and "rotated" in opened.repaired
    assert opened.taken == "2024:05:01 12:00:00"


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    parts = (b"\xff\xe1" + struct.pack(">H", len(s) + 2) + s for s in segments)
    return jpeg[:2] + b"".join(parts) + jpeg[2:]


def test_of_two_exif_segments_the_first_that_says_a_turn_counts(tmp_path: Path) -> None:
    data = io.BytesIO()
    stored(6).save(data, "JPEG", quality=95)
    turned, upright = exif_of(6).tobytes(), exif_of(1).tobytes()
    hollow = b"Exif\0\0" + b"MM\0*\0\0\0\x08\0\0\0\0\0\0"
    for segments, right in (
        ((turned, upright), True),
        ((hollow, turned), True),
        ((b"Exif\0\0no TIFF at all", turned), True),
        ((turned, b"Exif\0\0"), True),
    ):
        (tmp_path / "a.jpg").write_bytes(with_segments(data.getvalue(), *segments))
        assert is_right(open_photo(tmp_path / "a.jpg")) is right


@pytest.mark.parametrize("kind", KINDS)
def test_no_byte_of_exif_costs_a_photo(tmp_path: Path, kind: str) -> None:
    rng = random.Random(kind)
    whole = exif_of(6, "2024:05:01 12:00:00").tobytes()
    path = write(tmp_path / f"a.{kind}", stored(1), whole)
    data = path.read_bytes()
    body = whole.removeprefix(b"Exif\0\0")
    place, length = data.find(body) + 8, len(body) - 8
    if kind == "tif":
        # Only the directory of EXIF: the first one says where the pixels are.
        place, length = data.find(b"2024:05:01") - 18, 36
    if place < 8:
        pytest.skip("this encoder writes its own EXIF")
    for _ in range(60):
        spoilt = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            spoilt[place + rng.randrange(length)] = rng.randrange(256)
        if kind == "png":
            start = data.find(b"eXIf")
            end = start + 4 + struct.unpack(">I", data[start - 4 : start])[0]
            spoilt[end : end + 4] = struct.pack(">I", zlib.crc32(bytes(spoilt[start:end])))
        path.write_bytes(bytes(spoilt))
        opened = open_photo(path)
        assert sorted((opened.width, opened.height)) == [320, 400]
        assert open_photo(path, 100).picture.shape[:2] in ((100, 80), (80, 100))


ODD_TAGS = [
    (700, 3, 1, 7),
    (700, 2, 5, "text"),
    (34675, 3, 2, (1, 2)),
    (34675, 2, 5, "text"),
    (34665, 2, 5, "text"),
    (34665, 4, 1, 2**31),
    (34853, 3, 1, 1),
    (34377, 4, 1, 9),
    (37500, 7, 4, b"abcd"),
    (282, 10, 1, (-1, 0)),
    (282, 2, 3, "xy"),
    (296, 2, 3, "xy"),
    (305, 5, 1, (3, 0)),
    (306, 4, 1, 1),
]
"""Tag, type, count and value: types that do not belong there, places outside the file."""


@pytest.mark.parametrize("tag", ODD_TAGS, ids=str)
def test_no_odd_tag_costs_a_tiff(tmp_path: Path, tag: tuple[int, int, int, object]) -> None:
    tifffile = pytest.importorskip("tifffile")
    path = tmp_path / "a.tif"
    extra = [(274, 3, 1, 6, True), (*tag, True)]
    tifffile.imwrite(path, np.asarray(stored(6)), photometric="rgb", extratags=extra)
    assert is_right(open_photo(path))
    assert is_right(open_photo(path, 100))


def deep(dtype: str) -> np.ndarray:
    """A grey slope from 0 to full, 30 x 40."""
    full = np.iinfo(dtype).max if np.dtype(dtype).kind in "iu" else 1
    return (np.linspace(0, 1, 1200).reshape(30, 40) * full).astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64", "uint16", "int32", "uint8"])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_tiff_of_any_depth_is_taken(tmp_path: Path, dtype: str, channels: int) -> None:
    tifffile = pytest.importorskip("tifffile")
    grey = deep(dtype)
    pixels = grey if channels == 1 else np.dstack([grey] * 3)
    photometric = "minisblack" if channels == 1 else "rgb"
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, pixels, photometric=photometric, extratags=[(274, 3, 1, 6, True)])
    opened = open_photo(path)
    assert (opened.width, opened.height, "rotated" in opened.repaired) == (30, 40, True)
    # Turned by 90 degrees to the right: the dark start lies at the top right.
    assert opened.picture[0, -1].max() < 8 and opened.picture[-1, 0].min() > 245
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 300])
    with pytest.raises(PhotoError, match="damaged or cut off"):
        open_photo(path)


def test_a_whole_tiff_that_cannot_be_read_is_not_called_damaged(tmp_path: Path) -> None:
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(tmp_path / "a.tif", np.dstack([deep("float16")] * 3), photometric="rgb")
    with pytest.raises(PhotoError, match="number format or a compression that is not read"):
        open_photo(tmp_path / "a.tif")


def test_a_ycbcr_tiff_is_taken(tmp_path: Path) -> None:
    for compression in ("raw", "tiff_lzw", "jpeg"):
        marked().convert("YCbCr").save(tmp_path / "a.tif", compression=compression)
        assert is_right(open_photo(tmp_path / "a.tif"))


@pytest.mark.parametrize("kind", ["gif", "png", "webp", "tif"])
def test_of_several_pictures_the_first_is_taken(tmp_path: Path, kind: str) -> None:
    more = [Image.new("RGB", (320, 400), colour) for colour in ("black", "white")]
    marked().save(tmp_path / f"a.{kind}", save_all=True, append_images=more, lossless=True)
    assert is_right(open_photo(tmp_path / f"a.{kind}"))


def test_the_first_of_two_pictures_in_a_jpeg_is_taken(tmp_path: Path) -> None:
    other = Image.new("RGB", (320, 400))
    marked().save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[other], quality=95)
    opened = open_photo(tmp_path / "a.jpg")
    assert is_right(opened) and opened.kind == "JPEG"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(*chunks: bytes, image: Image.Image | None = None) -> bytes:
    data = io.BytesIO()
    (image or marked()).save(data, "PNG")
    return data.getvalue()[:33] + b"".join(chunks) + data.getvalue()[33:]


XMP = b'<x:xmpmeta><rdf:Description tiff:Orientation="%d"/></x:xmpmeta>'


@pytest.mark.parametrize("size", [2 << 20, 40 << 20])
@pytest.mark.parametrize("keyword", [b"Comment", b"parameters", b"Raw profile type exif"])
@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"tEXt"])
def test_long_texts_of_a_png_are_passed_over(
    tmp_path: Path, kind: bytes, keyword: bytes, size: int
) -> None:
    packed = zlib.compress(bytes(size), 9)
    text = {b"zTXt": b"\0" + packed, b"iTXt": b"\1\0\0\0" + packed, b"tEXt": b"x" * size}[kind]
    (tmp_path / "a.png").write_bytes(png_with(*[chunk(kind, keyword + b"\0" + text)] * 3))
    assert is_right(open_photo(tmp_path / "a.png"))


def test_a_turn_in_a_long_xmp_of_a_png_is_made(tmp_path: Path) -> None:
    packet = XMP % 6 + b" " * (3 << 20)
    packed = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet)
    (tmp_path / "a.png").write_bytes(png_with(chunk(b"iTXt", packed), image=stored(6)))
    opened = open_photo(tmp_path / "a.png")
    assert is_right(opened) and "rotated" in opened.repaired


@pytest.mark.parametrize("odd", [b"eXIf", b"iCCP", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"sRGB"])
def test_a_wrong_checksum_beside_the_pixels_costs_no_png(tmp_path: Path, odd: bytes) -> None:
    broken = chunk(odd, b"\0" * 7)[:-4] + b"nope"
    (tmp_path / "a.png").write_bytes(png_with(broken))
    assert is_right(open_photo(tmp_path / "a.png"))


def swapping_profile() -> bytes:
    """sRGB with red and blue exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.find(b"rXYZ"), data.find(b"bXYZ")
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA"])
@pytest.mark.parametrize("kind", ["png", "tif", "webp"])
def test_a_profile_is_applied_in_every_mode(tmp_path: Path, kind: str, mode: str) -> None:
    if kind == "webp" and mode in ("P", "LA"):
        pytest.skip("WebP has no such mode")
    image = marked().convert(mode)
    image.save(tmp_path / f"a.{kind}", icc_profile=swapping_profile(), lossless=True)
    opened = open_photo(tmp_path / f"a.{kind}")
    assert not opened.profile_failed
    if "L" not in mode:
        assert opened.picture[200, 20, 2] > 180 and opened.picture[200, 20, 0] < 80
        assert "converted" in opened.repaired


def test_a_profile_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for number, odd in enumerate((b"no profile", swapping_profile()[:300], lab)):
        for kind in ("png", "jpg", "tif"):
            path = tmp_path / f"{number}.{kind}"
            marked().save(path, icc_profile=odd, quality=95)
            opened = open_photo(path)
            assert is_right(opened) and opened.profile_failed, (number, kind)


@pytest.mark.parametrize("case", ["exififd_is_short_str", "make_rational", "ratneg"])
def test_the_photos_with_odd_exif_are_upright(shared: Path, case: str) -> None:
    path = shared / "cases" / "01-exif-that-cannot-be-rewritten" / f"{case}.jpg"
    for longest in (None, 100):
        opened = open_photo(path, longest)
        assert (opened.width, opened.height, opened.repaired) == (320, 400, ("rotated",))
        assert opened.picture.shape[0] > opened.picture.shape[1]


@pytest.mark.parametrize(
    "case", ["p_icc.png", "rgba_icc.avif", "rgba_icc.heic", "rgba_icc.png", "rgba_icc.tif"]
)
def test_the_photos_with_a_profile_look_alike(shared: Path, case: str) -> None:
    folder = shared / "cases" / "03-colour-profile-with-alpha"
    right = open_photo(folder / "rgb_icc.png").picture.astype(int)
    assert np.abs(open_photo(folder / case).picture - right).mean() < 3


@pytest.mark.parametrize("case", ["bigicc", "bigtext", "bigxmp"])
def test_the_pngs_with_large_texts_are_whole(shared: Path, case: str) -> None:
    opened = open_photo(shared / "cases" / "04-png-with-large-texts" / f"{case}.png")
    assert opened.picture.size > 0


def test_the_turned_tiff_is_measured_upright(shared: Path) -> None:
    path = shared / "cases" / "23-turned-tiff" / "exif6.tif"
    for longest, scale in ((None, 1.0), (100, 0.25)):
        opened = open_photo(path, longest)
        assert (opened.width, opened.height, opened.scale) == (320, 400, scale)


@pytest.mark.parametrize("kind", [*KINDS, "gif", "bmp", "jp2"])
def test_a_photo_that_is_cut_off_is_damaged_as_before(tmp_path: Path, kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    path = write(tmp_path / f"a.{kind}", Image.fromarray(noise), exif_of(1).tobytes())
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(PhotoError, match="damaged or cut off"):
        open_photo(path)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
@pytest.mark.parametrize(
    "value", [(1, 1, b"\6"), (7, 1, b"\6"), (1, 4, b"\6\0\0\0"), (2, 2, b"6\0")]
)
def test_a_turn_counts_whatever_type_it_is_stored_as(
    tmp_path: Path, kind: str, value: tuple[int, int, bytes]
) -> None:
    number, count, data = value
    entry = struct.pack("<HHHI", 1, 0x0112, number, count) + data.ljust(4, b"\0")
    exif = b"Exif\0\0II*\0\x08\0\0\0" + entry + bytes(4)
    path = write(tmp_path / f"a.{kind}", stored(6), exif)
    assert is_right(open_photo(path))


@pytest.mark.parametrize("kind", [b"zTXt", b"tEXt"])
def test_a_turn_in_xmp_as_imagemagick_writes_it_is_made(tmp_path: Path, kind: bytes) -> None:
    xmp = b'<rdf:Description tiff:Orientation="6"/>'
    text = b"\nxmp\n%8d\n%s\n" % (len(xmp), xmp.hex().encode())
    packed = b"\0" + zlib.compress(text) if kind == b"zTXt" else text
    data = png_with(chunk(kind, b"Raw profile type xmp\0" + packed), image=stored(6))
    (tmp_path / "a.png").write_bytes(data)
    assert is_right(open_photo(tmp_path / "a.png"))
