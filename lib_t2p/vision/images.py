"""Opening photos of any kind as upright sRGB pixels, and writing pictures without metadata."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from lib_t2p.errors import PhotoError
from lib_t2p.files import whole_file
from lib_t2p.vision.colour import to_srgb
from lib_t2p.vision.photo_formats import DECODE_ERRORS, formats, is_heif, register_heif
from lib_t2p.vision.picture_detail import jpeg_quality
from lib_t2p.vision.results import Picture

MAX_SIDE = 20_000
"""Pixels; a longer photo is a panorama or a scan, never a portrait."""
MAX_PIXELS = 120_000_000
"""Larger photos would need more than 360 MB of memory each."""
ORIENTATION = 0x0112
TAKEN = 0x9003

Repair = Literal["rotated", "converted"]


@dataclass(frozen=True)
class OpenedPhoto:
    """A photo ready to look at.

    Attributes:
        picture: RGB uint8, upright, sRGB; reduced when the caller allowed it.
        width, height: of the upright photo in full size, pixels.
        kind: format found in the content, such as `JPEG`, `PNG` or `HEIF`.
        repaired: `rotated` when an EXIF turn was baked in, `converted` when the trainer could not
            have read the file as it is (HEIC, CMYK, 16 bits, a foreign colour profile, ...).
        taken: EXIF time of the shot as written by the camera, or empty.
        quality: of a JPEG as its tables say, 1 to 100; 0 for other formats.
    """

    picture: Picture
    width: int
    height: int
    kind: str
    repaired: tuple[Repair, ...]
    taken: str = ""
    quality: int = 0

    @property
    def was_rotated(self) -> bool:
        """Whether an EXIF turn was baked in."""
        return "rotated" in self.repaired

    @property
    def scale(self) -> float:
        """Pixels of `picture` per pixel of the photo, at most 1."""
        return float(self.picture.shape[1] / self.width)


def open_photo(path: Path, longest: int | None = None) -> OpenedPhoto:
    """Open a photo.

    Args:
        path: the file; what it is called does not matter, its content decides.
        longest: the longest side wanted, pixels. A larger photo is reduced to it, JPEG already
            while it is decoded. None keeps the full size.

    Raises:
        PhotoError: missing, empty, damaged, no picture, or too large; says what to do.
    """
    _check_file(path)
    try:
        with warnings.catch_warnings():
            # Sizes are checked below against our own limits.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=formats()) as image:
                _check_size(path, image.size)
                return _decoded(image, longest)
    except Image.DecompressionBombError as error:
        raise PhotoError(_too_large(path, "far more pixels than a photo has")) from error
    except MemoryError as error:
        raise PhotoError(_too_large(path, "more pixels than memory can hold")) from error
    except DECODE_ERRORS as error:
        raise PhotoError(_unreadable(path, error)) from error


def save_png(picture: Picture, path: Path) -> None:
    """Write a PNG with pixels only: no EXIF, no GPS, no time; the same bytes each time."""
    with whole_file(path) as partial:
        Image.fromarray(picture).save(partial, "PNG", compress_level=6)


def save_jpeg(picture: Picture, path: Path, quality: int = 90) -> None:
    """Write a JPEG with pixels only; `quality` from 1 to 95."""
    with whole_file(path) as partial:
        Image.fromarray(picture).save(partial, "JPEG", quality=quality, subsampling=0)


def _decoded(image: Image.Image, longest: int | None) -> OpenedPhoto:
    kind = str(image.format)
    quality = jpeg_quality(getattr(image, "quantization", {}))
    exif = image.getexif()
    turn = image.info.get("original_orientation") or exif.get(ORIENTATION, 1)
    taken = str(exif.get_ifd(0x8769).get(TAKEN, "") or "")
    size = image.size
    if longest is not None and max(size) > longest:
        image.draft(None, (longest * size[0] // max(size), longest * size[1] // max(size)))
    image.load()
    if longest is not None and max(image.size) > longest and image.mode[0] not in "IF":
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(image)
    if exif.get(ORIENTATION, 1) in range(5, 9):
        size = (size[1], size[0])
    rgb, was_converted = to_srgb(upright or image)
    if longest is not None and max(rgb.size) > longest:
        # Pillow scales no 16-bit picture; by now it has 8 bits.
        rgb.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    repaired: list[Repair] = []
    if turn in range(2, 9):
        repaired.append("rotated")
    if was_converted or is_heif(kind):
        repaired.append("converted")
    return OpenedPhoto(
        np.array(rgb, dtype=np.uint8), size[0], size[1], kind, tuple(repaired), taken, quality
    )


def _check_file(path: Path) -> None:
    try:
        if not path.is_file():
            raise PhotoError(f"{path.name} is missing or no file: choose another photo.")
        size = path.stat().st_size
    except OSError as error:
        raise PhotoError(_unreadable(path, error)) from error
    if size == 0:
        raise PhotoError(f"{path.name} is empty (0 bytes): copy it again from where it came from.")


def _check_size(path: Path, size: tuple[int, int]) -> None:
    width, height = size
    if max(size) > MAX_SIDE or width * height > MAX_PIXELS:
        raise PhotoError(_too_large(path, f"{width} x {height} px"))


def _too_large(path: Path, what: str) -> str:
    return (
        f"{path.name} has {what}, above the limit of {MAX_SIDE} px a side and "
        f"{MAX_PIXELS // 1_000_000} megapixels: cut out the person or save it smaller."
    )


def _unreadable(path: Path, error: BaseException) -> str:
    if isinstance(error, PermissionError):
        return f"{path.name} may not be read: change its permissions, then import it again."
    start = _first_bytes(path)
    if start[4:8] == b"ftyp" and not register_heif():
        return (
            f"{path.name} is an HEIC photo and the package pillow-heif is missing: repair the "
            "core environment, or export the photo as JPEG."
        )
    if isinstance(error, UnidentifiedImageError) and not _looks_like_picture(start):
        return f"{path.name} is no picture, whatever its name says: leave it away."
    return (
        f"{path.name} is damaged or cut off and cannot be decoded: copy it again, or open it in "
        "an image program and save it anew."
    )


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(12)
    except OSError:
        return b""


def _looks_like_picture(start: bytes) -> bool:
    marks = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"BM")
    return start.startswith(marks) or start[4:8] == b"ftyp"
