"""TIFFs that Pillow does not know: colours of 32 and 64 bits, YCbCr with fewer colours."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import IO, Any, Literal

import cv2
import numpy as np
from PIL import Image, TiffImagePlugin

_WIDTH, _HEIGHT = 256, 257
_PLACES = ((273, 279), (324, 325))
"""Tags of where strips or tiles start, and how many bytes each has (TIFF 6.0)."""
_PLANAR, _SEPARATE = 284, 2
"""Colours one after the other, which OpenCV misreads."""
_BITS = 258
_BIG = 43
_BIG_ENDIAN_BIG, _LITTLE_ENDIAN_BIG = b"MM\0+", b"II+\0"
_SHORT = 3
"""A type of two bytes."""
_ORIENTATION, _PROFILE = 274, 34675


def open_deep_tiff(file: IO[bytes], path: Path, most_pixels: int) -> Image.Image | None:
    """Open a whole TIFF by OpenCV; None for what is cut off, too large, or no such TIFF.

    Returns:
        Mode RGB or L, 8 bits, not yet turned, its EXIF orientation among its EXIF.
    """
    tags = _tags(file)
    if tags is None or not _is_whole(tags, file.seek(0, io.SEEK_END)):
        return None
    width, height = _number(tags.get(_WIDTH)), _number(tags.get(_HEIGHT))
    if not 0 < width * height <= most_pixels or tags.get(_PLANAR) == _SEPARATE:
        return None
    try:
        found = cv2.imdecode(_unturned(path), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if found is None or found.shape[:2] != (height, width):
        return None
    image = Image.fromarray(_eight_bits(found))
    image.format = "TIFF"
    turn, profile = tags.get(_ORIENTATION), tags.get(_PROFILE)
    image.getexif()[_ORIENTATION] = turn if turn in range(1, 9) else 1
    if isinstance(profile, bytes):
        image.info["icc_profile"] = profile
    return image


def mend_planes(image: TiffImagePlugin.TiffImageFile) -> None:
    """Let Pillow read 16 bits a channel where colours lie one after the other and unpacked.

    It would take every byte of them for a colour of its own.
    """
    tags = image.tag_v2
    if tags.get(_PLANAR) == _SEPARATE and set(_numbers(tags.get(_BITS))) == {16}:
        order = "L" if tags.prefix == b"II" else "B"
        for number, tile in enumerate(image.tile):
            args = tile.args if isinstance(tile.args, tuple) else ("",)
            if tile.codec_name == "raw" and args[0] in ("R", "G", "B", "A"):
                image.tile[number] = tile._replace(args=(f"{args[0]};16{order}", *args[1:]))


def is_whole_tiff(path: Path) -> bool:
    """Whether a file is a TIFF in which all strips or tiles of the first picture lie."""
    with path.open("rb") as file:
        tags = _tags(file)
        return tags is not None and _is_whole(tags, file.seek(0, io.SEEK_END))


def _unturned(path: Path) -> Any:
    """The file's bytes with an orientation of 1, since OpenCV turns TIFFs whatever it is told."""
    data = np.fromfile(path, np.uint8)
    order: Literal["little", "big"] = "little" if data[0] == ord("I") else "big"

    def number(place: int, length: int) -> int:
        return int.from_bytes(data[place : place + length].tobytes(), order)

    # A place takes 4 bytes, in BigTIFF 8; how many entries there are, 2 or 8.
    wide, counted = (8, 8) if number(2, 2) == _BIG else (4, 2)
    start = number(wide, wide)
    first, step = start + counted, 4 + 2 * wide
    count = min(number(start, counted), (len(data) - first) // step)
    for place in range(first, first + step * count, step):
        if number(place, 2) == _ORIENTATION:
            one = (_SHORT, 2), (1, wide), (1, 2), (0, wide - 2)
            entry = b"".join(value.to_bytes(length, order) for value, length in one)
            data[place + 2 : place + step] = np.frombuffer(entry, np.uint8)
            break
    return data


def _tags(file: IO[bytes]) -> TiffImagePlugin.ImageFileDirectory_v2 | None:
    file.seek(0)
    head = file.read(16)
    try:
        tags = TiffImagePlugin.ImageFileDirectory_v2(
            head if head.startswith(_LITTLE_ENDIAN_BIG) else head[:8]
        )
        if head[:4] == _BIG_ENDIAN_BIG:
            # Pillow knows it by its third byte, which is 0 in this order.
            tags._bigtiff, tags.next = True, int.from_bytes(head[8:16], "big")
        file.seek(tags.next)
        tags.load(file)
        return tags
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, RuntimeError, struct.error):
        return None


def _is_whole(tags: TiffImagePlugin.ImageFileDirectory_v2, size: int) -> bool:
    for start, count in _PLACES:
        starts, counts = _numbers(tags.get(start)), _numbers(tags.get(count))
        if starts and len(starts) == len(counts):
            return all(s + c <= size for s, c in zip(starts, counts, strict=True))
    return False


def _eight_bits(values: Any) -> Any:
    if values.ndim == 3:
        values = values[..., (2, 1, 0)] if values.shape[2] >= 3 else values[..., 0]
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values)
    deep = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    most = np.iinfo(values.dtype).max if values.dtype.kind in "iu" else float(deep.max(initial=0.0))
    full = next((f for f in (1.0, 255.0, 65535.0) if most <= f), most)
    return (deep.clip(0, full) * (255.0 / full) + 0.5).astype(np.uint8)


def _numbers(value: Any) -> tuple[int, ...]:
    many = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in many if isinstance(one, int))


def _number(value: Any) -> int:
    return _numbers(value)[0] if _numbers(value) else 0
