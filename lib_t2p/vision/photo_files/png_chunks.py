"""The chunks of a PNG: which belong to the pixels, and what the others say.

Names and layouts by the PNG specification, third edition (W3C, 2025).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_PIXELS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_TRANSPARENT = {0: (2, 2), 2: (6, 6), 3: (1, 256)}
"""Least and most bytes of a `tRNS` chunk by colour type."""
_XMP = b"XML:com.adobe.xmp"
_RAW_EXIF = (b"Raw profile type exif", b"Raw profile type APP1")
"""Keywords under which ImageMagick writes EXIF, in hexadecimal digits."""
_RAW_XMP = b"Raw profile type xmp"
MOST_EXIF = 2
"""Blocks of EXIF that are looked into."""
MOST = 16 << 20
"""Bytes of one text or profile, packed and unpacked; longer ones are not looked into."""


@dataclass
class PngParts:
    """What the chunks beside the pixels say; see `metadata.Metadata`."""

    exif: tuple[bytes, ...] = ()
    xmp: tuple[bytes, ...] = ()
    profile: bytes = b""
    profile_is_odd: bool = False

    def add(self, kind: bytes, data: bytes) -> None:
        """Read one chunk; what is odd in it counts as nothing, and only the first of a kind does.

        So whoever packs thousands of bombs into one file unpacks one.
        """
        if kind == b"eXIf":
            self.exif = (*self.exif, data)[:MOST_EXIF]
        elif kind == b"iCCP" and not self.profile and not self.profile_is_odd:
            self.profile = inflated(data.partition(b"\0")[2][1:])
            self.profile_is_odd = not self.profile
        else:
            self._add_text(kind, data)

    def _add_text(self, kind: bytes, data: bytes) -> None:
        keyword, _, rest = data.partition(b"\0")
        if keyword == _XMP and not self.xmp:
            self.xmp = (_text(kind, rest),)
        elif keyword == _RAW_XMP and not self.xmp:
            self.xmp = (_from_digits(_text(kind, rest)),)
        elif keyword in _RAW_EXIF and len(self.exif) < MOST_EXIF:
            self.exif = (*self.exif, _from_digits(_text(kind, rest)))


def png_parts(file: BinaryIO) -> tuple[list[tuple[int, int]], PngParts]:
    """Ranges of a PNG that belong to its pixels (of the first picture), and what the rest says.

    A file that breaks off keeps its last bytes, so that its decoder complains of them.
    """
    size = file.seek(0, io.SEEK_END)
    keep = [(0, 8)]
    found = PngParts()
    colour_type = -1
    for kind, place, length in _chunks(file, size):
        if length is None:
            keep.append((place, size - place))
            break
        if kind == b"IHDR":
            colour_type = _byte(file, place + 8 + 9)
        if kind in _PIXELS or (kind == b"tRNS" and _is_whole(colour_type, length)):
            keep.append((place, length + 12))
        elif kind == b"iCCP" and length > MOST:
            found.profile_is_odd = True
        elif kind in (b"eXIf", b"iCCP", b"iTXt", b"zTXt", b"tEXt") and length <= MOST:
            file.seek(place + 8)
            found.add(kind, file.read(length))
    return keep, found


def inflated(data: bytes) -> bytes:
    """What zlib packed; empty when it is damaged or longer than `MOST`."""
    packed = zlib.decompressobj()
    try:
        text = packed.decompress(data, MOST + 1)
    except zlib.error:
        return b""
    return text if packed.eof and len(text) <= MOST else b""


def _chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int | None]]:
    """Kind, start and length of the data; the length is None where the file breaks off."""
    place = 8
    while place < size:
        file.seek(place)
        head = file.read(8)
        length = struct.unpack(">I", head[:4])[0] if len(head) == 8 else size
        if place + 12 + length > size:
            yield head[4:], place, None
            return
        yield head[4:], place, length
        if head[4:] == b"IEND":
            return
        place += 12 + length


def _from_digits(text: bytes) -> bytes:
    """What ImageMagick wrote: kind and length in a line each, then digits; empty when it is odd."""
    digits = b"".join(text.strip(b"\n").split(b"\n")[2:])
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return b""


def _text(kind: bytes, rest: bytes) -> bytes:
    """The text of a chunk; `rest` is what stands after its keyword."""
    if kind == b"zTXt":
        return inflated(rest[1:])
    if kind == b"iTXt":
        text = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
        return inflated(text) if rest[:1] == b"\1" else text
    return rest


def _byte(file: BinaryIO, place: int) -> int:
    file.seek(place)
    data = file.read(1)
    return data[0] if data else -1


def _is_whole(colour_type: int, length: int) -> bool:
    least, most = _TRANSPARENT.get(colour_type, (1, 0))
    return least <= length <= most
