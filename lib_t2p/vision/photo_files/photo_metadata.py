"""What stands beside the pixels of a photo: read for its turn, its time and its colour profile.

JPEG and PNG are handed to their decoders without it, so that nothing in it can cost the photo.
"""

from __future__ import annotations

import io
import re
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from PIL import Image

from lib_t2p.vision.photo_files.photo_formats import DECODE_ERRORS
from lib_t2p.vision.photo_files.png_chunks import MOST_EXIF, png_parts


class ByteRanges(io.RawIOBase):
    """A file that consists of ranges of another one, which stays open as long as it is read.

    Args:
        file: the other one.
        ranges: (start, length) in bytes, in the order in which they are read.
    """

    def __init__(self, file: BinaryIO, ranges: Iterable[tuple[int, int]]) -> None:
        self._file = file
        self._ranges = [one for one in ranges if one[1] > 0]
        self._ends = list(accumulate(length for _, length in self._ranges))
        self._size = self._ends[-1] if self._ends else 0
        self._place = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Bytes from the start."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place, as of every file."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer what lies in one range; 0 at the end."""
        number = bisect_right(self._ends, self._place)
        if number >= len(self._ranges):
            return 0
        start, length = self._ranges[number]
        skipped = self._place - (self._ends[number] - length)
        self._file.seek(start + skipped)
        data = self._file.read(min(len(buffer), length - skipped))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


ORIENTATION = 0x0112
TAKEN = 0x9003
_EXIF_IFD = 0x8769
_EXIF_MARK = b"Exif\0\0"
_XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
_ICC_MARK = b"ICC_PROFILE\0"
_XMP_TURN = re.compile(rb"tiff:Orientation(?:=[\"']|>)\s*([1-8])\s*[\"'<]")
_EXIF_ITEM = re.compile(rb"(infe[\x02\x03].{7}(?:..)?)Exif", re.DOTALL)
_SMALL = [bytes([number]) for number in range(1, 9)]
"""Turns as writers of wrong types store them: one byte, or one of several."""
_MOST_BYTES = 16 << 20
"""Bytes; longer EXIF is not looked into."""


@dataclass(frozen=True)
class Metadata:
    """What counts of it.

    Attributes:
        turn: orientation by TIFF 6.0, 1 to 8: EXIF's, else XMP's, else 1.
        taken: time of the shot as the camera wrote it (`2024:05:01 12:00:00`), or empty.
        profile: ICC colour profile, or empty.
        profile_is_odd: there is a profile that is cut off or far too long.
    """

    turn: int = 1
    taken: str = ""
    profile: bytes = b""
    profile_is_odd: bool = False


@contextmanager
def stripped(path: Path) -> Iterator[tuple[IO[bytes], Metadata | None]]:
    """Give a file to decode, and its metadata; None where the decoder must tell them.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(8)
        file.seek(0)
        if start.startswith(b"\xff\xd8\xff"):
            ranges, found = _jpeg_parts(file)
        elif start == b"\x89PNG\r\n\x1a\n":
            ranges, parts = png_parts(file)
            exif = (_exif_of(data) for data in parts.exif)
            found = _metadata(exif, parts.xmp, parts.profile, parts.profile_is_odd)
        else:
            yield file, None
            return
        yield cast(IO[bytes], io.BufferedReader(ByteRanges(file, ranges))), found


def metadata_of(image: Image.Image) -> Metadata:
    """What a decoder found, before it decodes; afterwards only the turn is left for it to read.

    What Pillow reads of the rest while it decodes could fail.
    """
    info = image.info
    try:
        exif = image.getexif()
    except DECODE_ERRORS:
        exif = Image.Exif()
    xmp, profile = _bytes(info.get("xmp")), info.get("icc_profile")
    is_odd = profile is not None and not isinstance(profile, bytes)
    # A doubled mark before it is no fault of the picture.
    again = _exif_of(_bytes(info.get("exif")))
    found = _metadata((exif, again), (xmp,), _bytes(profile), is_odd)
    stored = _tag(exif, ORIENTATION)
    exif.clear()
    if stored in range(1, 9):
        exif[ORIENTATION] = int(stored)
    for name in ("exif", "xmp"):
        info.pop(name, None)
    return found


def without_exif(path: Path) -> IO[bytes]:
    """A HEIC or AVIF file whose EXIF its decoder does not find.

    Items are described by `infe` boxes (ISO/IEC 14496-12, 8.11.6); of an unknown type none is read.
    """
    data = path.read_bytes()
    return io.BytesIO(
        re.sub(rb"(infe[\x02\x03].{7}(?:..)?)Exif", rb"\1none", data, flags=re.DOTALL)
    )


def _metadata(
    exifs: Iterable[Image.Exif], packets: Iterable[bytes], profile: bytes, is_odd: bool
) -> Metadata:
    turn, taken = 0, ""
    for exif in exifs:
        value = _whole_number(_tag(exif, ORIENTATION))
        turn = turn or (value if value in range(1, 9) else 0)
        time = _tag(_ifd(exif, _EXIF_IFD), TAKEN)
        taken = taken or (time.strip("\0 ") if isinstance(time, str) else "")
    for packet in packets:
        found = _XMP_TURN.search(packet)
        turn = turn or (int(found[1]) if found else 0)
    return Metadata(turn or 1, taken, profile, is_odd)


def _jpeg_parts(file: BinaryIO) -> tuple[list[tuple[int, int]], Metadata]:
    """Ranges of a JPEG without comments and foreign segments, and what was left away."""
    size = file.seek(0, io.SEEK_END)
    keep = [(0, 2)]
    place = 2
    parts: list[bytes] = []
    xmp: list[bytes] = []
    profile: list[bytes] = []
    for code, start, length in _segments(file, size):
        place = start + length
        file.seek(start + 4)
        data = file.read(length - 4)
        if not _is_foreign(code, data):
            keep.append((start, length))
        elif code == 0xE1 and data.startswith(_EXIF_MARK):
            parts.append(_unmarked(data))
        elif code == 0xE1 and data.startswith(_XMP_MARK):
            xmp.append(data[len(_XMP_MARK) :])
        elif code == 0xE2 and data.startswith(_ICC_MARK):
            profile.append(data[len(_ICC_MARK) :])
    keep.append((place, size - place))
    whole = _joined(profile)
    # A long EXIF goes on in the next segment.
    exif = [_exif_of(b"".join(parts)), *(_exif_of(part) for part in parts[:MOST_EXIF])]
    return keep, _metadata(exif, xmp, whole, bool(profile) and not whole)


def _segments(file: BinaryIO, size: int) -> Iterator[tuple[int, int, int]]:
    """Marker, start and length with the marker, up to the first scan or whatever is none."""
    place = 2
    while True:
        file.seek(place)
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return
        if head[1] == 0xFF:
            place += 1
            continue
        length = 2 + struct.unpack(">H", head[2:])[0]
        if head[1] < 0xC0 or 0xD0 <= head[1] <= 0xDA or length < 4 or place + length > size:
            return
        yield head[1], place, length
        place += length


def _is_foreign(code: int, data: bytes) -> bool:
    """Whether a segment says nothing of the pixels; JFIF and Adobe tell how colours are stored."""
    if code == 0xE0:
        return not (data.startswith(b"JFIF\0") and len(data) >= 14)
    if code == 0xEE:
        return not (data.startswith(b"Adobe") and len(data) >= 12)
    return 0xE0 <= code <= 0xEF or code == 0xFE


def _joined(parts: Iterable[bytes]) -> bytes:
    """A profile out of its numbered parts (ICC.1:2022, B.4); empty when some are missing."""
    numbered = {part[0]: part for part in parts if len(part) > 2}
    count = next(iter(numbered.values()))[1] if numbered else 0
    if sorted(numbered) != list(range(1, count + 1)):
        return b""
    return b"".join(numbered[number][2:] for number in sorted(numbered))


def _unmarked(data: bytes) -> bytes:
    while data.startswith(_EXIF_MARK):
        data = data[len(_EXIF_MARK) :]
    return data


def _exif_of(data: bytes) -> Image.Exif:
    exif = Image.Exif()
    if data and len(data) <= _MOST_BYTES:
        try:
            exif.load(_unmarked(data))
        except DECODE_ERRORS:
            return Image.Exif()
    return exif


def _ifd(exif: Image.Exif, tag: int) -> Any:
    try:
        return exif.get_ifd(tag)
    except DECODE_ERRORS:
        return {}


def _tag(values: Any, tag: int) -> Any:
    try:
        return values.get(tag)
    except DECODE_ERRORS:
        return None


def _whole_number(value: Any) -> int:
    """What stands for a number, its type be wrong or not; 0 for none."""
    if isinstance(value, (tuple, list)) and value:
        value = value[0]
    if isinstance(value, bytes) and value.rstrip(b"\0") in _SMALL:
        return value[0]
    try:
        return int(value)
    except (TypeError, ValueError, ArithmeticError):
        return 0


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return value if isinstance(value, bytes) else b""
