"""Opening photos of any kind as upright sRGB pixels, and writing pictures without metadata."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal

import numpy as np
from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from lib_t2p.errors import PhotoError
from lib_t2p.files import whole_file
from lib_t2p.vision.faces.turning import turned
from lib_t2p.vision.photo_files.colour import drawable, to_srgb
from lib_t2p.vision.photo_files.deep_tiff import is_whole_tiff, mend_planes, open_deep_tiff
from lib_t2p.vision.photo_files.file_kinds import HEAD, PICTURE, kind_of
from lib_t2p.vision.photo_files.photo_formats import (
    DECODE_ERRORS,
    formats,
    is_foreign,
    is_heif,
    register_heif,
)
from lib_t2p.vision.photo_files.photo_metadata import (
    ORIENTATION,
    Metadata,
    metadata_of,
    stripped,
    without_exif,
)
from lib_t2p.vision.picture_detail import jpeg_quality
from lib_t2p.vision.results import Picture

MAX_SIDE = 20_000
"""Pixels; a longer photo is a panorama or a scan, never a portrait."""
MAX_PIXELS = 120_000_000
"""Larger photos would need more than 360 MB of memory each."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes an orientation of TIFF 6.0."""
Repair = Literal["rotated", "converted", "turned"]


@dataclass(frozen=True)
class OpenedPhoto:
    """A photo ready to look at.

    Attributes:
        picture: RGB uint8, upright, sRGB; reduced when the caller allowed it.
        width, height: of the upright photo in full size, pixels.
        kind: format found in the content, such as `JPEG`, `PNG` or `HEIF`.
        repaired: `rotated` when an EXIF turn was baked in, `converted` when the trainer could not
            have read the file as it is (HEIC, CMYK, 16 bits, a foreign colour profile, ...),
            `turned` when it lay on its side without saying so.
        taken: EXIF time of the shot as written by the camera, or empty.
        quality: of a JPEG as its tables say, 1 to 100; 0 for other formats.
        profile_failed: its colour profile could not be used, so it was taken as sRGB.
    """

    picture: Picture
    width: int
    height: int
    kind: str
    repaired: tuple[Repair, ...]
    taken: str = ""
    quality: int = 0
    profile_failed: bool = False

    def turned(self, turn: int) -> OpenedPhoto:
        """The same turned clockwise by 0, 90, 180 or 270 degrees."""
        if not turn:
            return self
        sides = (self.width, self.height) if turn == 180 else (self.height, self.width)
        return replace(
            self,
            picture=turned(self.picture, turn),
            width=sides[0],
            height=sides[1],
            repaired=(*self.repaired, "turned"),
        )

    @property
    def scale(self) -> float:
        """Pixels of `picture` per pixel of the photo, at most 1."""
        return float(self.picture.shape[1] / self.width)


def open_photo(path: Path, longest: int | None = None, turn: int = 0) -> OpenedPhoto:
    """Open a photo.

    Args:
        path: the file; what it is called does not matter, its content decides.
        longest: the longest side wanted, pixels. A larger photo is reduced to it, JPEG already
            while it is decoded. None keeps the full size.
        turn: degrees clockwise by which it is turned besides, see `turning.turn_of`.

    Raises:
        PhotoError: missing, empty, damaged, no picture, or too large; says what to do.
    """
    _check_file(path)
    try:
        with warnings.catch_warnings():
            # Sizes are checked below against our own limits.
            warnings.simplefilter("ignore")
            return _opened(path, longest).turned(turn)
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


def _opened(path: Path, longest: int | None) -> OpenedPhoto:
    with stripped(path) as (file, found):
        try:
            # By its path Pillow would map a turned TIFF into memory with its sides exchanged.
            with _identified(file, path) as image:
                _check_size(path, image.size)
                return _decoded(image, found or metadata_of(image), longest)
        except DECODE_ERRORS:
            deep = open_deep_tiff(file, path, MAX_PIXELS) if found is None else None
            if deep is None:
                raise
        _check_size(path, deep.size)
        opened = _decoded(deep, metadata_of(deep), longest)
        return replace(opened, repaired=tuple(dict.fromkeys((*opened.repaired, "converted"))))


def _identified(file: IO[bytes], path: Path) -> Image.Image:
    try:
        return Image.open(file, formats=formats())
    except DECODE_ERRORS:
        file.seek(0)
        if file.read(8)[4:] != b"ftyp":
            raise
        return Image.open(without_exif(path), formats=formats())


def _turns(image: Image.Image, found: Metadata) -> tuple[int, int]:
    """The turn that a file asks for, and the one that is left to do once it is decoded."""
    if is_heif(str(image.format)):
        return int(image.info.get("original_orientation") or 1), 1
    if isinstance(image, TiffImageFile) and image.getexif().get(ORIENTATION, 1) == found.turn:
        # Pillow turns a TIFF while it loads it.
        return found.turn, 1
    return found.turn, found.turn


def _reduced(size: tuple[int, int], longest: int) -> tuple[int, int]:
    width, height = (max(1, longest * side // max(size)) for side in size)
    return width, height


def _decoded(image: Image.Image, found: Metadata, longest: int | None) -> OpenedPhoto:
    kind = str(image.format)
    quality = jpeg_quality(getattr(image, "quantization", {}))
    turn, todo = _turns(image, found)
    size = image.size
    if longest is not None and max(size) > longest:
        image.draft(None, _reduced(size, longest))
    if isinstance(image, TiffImageFile):
        mend_planes(image)
    image.load()
    if isinstance(image, TiffImageFile):
        size = image.size
    picture = drawable(image)
    if longest is not None and max(picture.size) > longest and picture.mode[0] not in "IF":
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if todo != 1:
        picture = picture.transpose(_TURNS[todo])
        size = (size[1], size[0]) if todo >= 5 else size
    converted = to_srgb(picture, found.profile)
    rgb = converted.image
    if longest is not None and max(rgb.size) > longest:
        # Pillow scales no 16-bit picture; by now it has 8 bits.
        rgb.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    repaired: list[Repair] = []
    if turn != 1:
        repaired.append("rotated")
    if converted.was_needed or picture.mode != image.mode != "1" or is_foreign(kind):
        repaired.append("converted")
    return OpenedPhoto(
        picture=np.array(rgb, dtype=np.uint8),
        width=size[0],
        height=size[1],
        kind=kind,
        repaired=tuple(repaired),
        taken=found.taken,
        quality=quality,
        profile_failed=converted.profile_failed or found.profile_is_odd,
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
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        head = b""
    if head[4:8] == b"ftyp" and not register_heif():
        return (
            f"{path.name} is an HEIC photo and the package pillow-heif is missing: repair the "
            "core environment, or export the photo as JPEG."
        )
    kind = kind_of(head, path.suffix)
    if kind.group == "unread":
        return f"{path.name} is {kind.name}, which is not read: {kind.advice}."
    unidentified = isinstance(error, UnidentifiedImageError)
    if unidentified and head[:2] in (b"II", b"MM") and is_whole_tiff(path):
        return (
            f"{path.name} is a TIFF with a number format or a compression that is not read: save "
            "it with 8 or 16 bits a channel."
        )
    if unidentified and kind != PICTURE:
        return f"{path.name} is no picture, whatever its name says: leave it away."
    return (
        f"{path.name} is damaged or cut off and cannot be decoded: copy it again, or open it in "
        "an image program and save it again."
    )
