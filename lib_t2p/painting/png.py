"""Text in PNG files. Layout: https://www.w3.org/TR/png-3/#11textinfo."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from lib_t2p.errors import PaintingError

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PRIVATE = {b"eXIf", b"tIME"}


def with_text(png: bytes, keyword: str, text: str) -> bytes:
    """Put a text into a PNG, in place of one with the same keyword; EXIF is left out.

    Latin-1 goes into a `tEXt` chunk and all else into `iTXt`, as Pillow and so the WebUI do it.

    Raises:
        PaintingError: `png` is no whole PNG.
    """
    kept = [
        (kind, data)
        for kind, data in chunks(png)
        if kind not in _PRIVATE and not _is_text(kind, data, keyword)
    ]
    if not kept or kept[-1][0] != b"IEND":
        raise PaintingError("The picture is no whole PNG: paint it again.")
    kept.insert(1, _text_chunk(keyword, text))
    return SIGNATURE + b"".join(_packed(kind, data) for kind, data in kept)


def read_text(png: bytes, keyword: str) -> str | None:
    """Read the text under a keyword; None when there is none or the file is no PNG."""
    for kind, data in chunks(png):
        if _is_text(kind, data, keyword):
            return _decoded(kind, data[len(keyword) + 1 :])
    return None


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give (type, data) of all chunks up to the first that is cut off or damaged."""
    if not png.startswith(SIGNATURE):
        return
    at = len(SIGNATURE)
    while at + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if png[at + 8 + length : at + 12 + length] != struct.pack(">I", zlib.crc32(kind + data)):
            return
        yield kind, data
        at += 12 + length


def _is_text(kind: bytes, data: bytes, keyword: str) -> bool:
    return kind in (b"tEXt", b"iTXt", b"zTXt") and data.startswith(
        keyword.encode("latin-1") + b"\0"
    )


def _text_chunk(keyword: str, text: str) -> tuple[bytes, bytes]:
    head = keyword.encode("latin-1") + b"\0"
    try:
        return b"tEXt", head + text.encode("latin-1")
    except UnicodeEncodeError:
        # Not compressed, no language, no translated keyword.
        return b"iTXt", head + b"\0\0\0\0" + text.encode("utf-8")


def _decoded(kind: bytes, body: bytes) -> str | None:
    try:
        if kind == b"tEXt":
            return body.decode("latin-1")
        if kind == b"zTXt":
            return _inflated(body[1:]).decode("latin-1")
        compressed, rest = body[0], body[2:].split(b"\0", 2)[2]
        return (_inflated(rest) if compressed else rest).decode("utf-8")
    except (IndexError, UnicodeDecodeError, zlib.error):
        return None


def _inflated(data: bytes, limit: int = 1 << 20) -> bytes:
    # A limit, since a few bytes may inflate to gigabytes.
    return zlib.decompressobj().decompress(data, limit)


def _packed(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
