"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lib_t2p.vision.photo_files.photo_formats import RAW_SUFFIXES

HEAD = 4096
"""Bytes of a file's start that tell its kind."""

Group = Literal["picture", "unread", "video", "archive", "text", "other"]


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    Attributes:
        group: `picture` is decoded; `unread` may hold a picture and is not decoded; `archive` is a
            ZIP; `text` and `other` are no photos.
        name: with its article, as in a sentence; empty for a picture and for `other`.
        advice: what to do with it, a clause; empty when nothing is to be done.
    """

    group: Group
    name: str = ""
    advice: str = ""


PICTURE = FileKind("picture")
OTHER = FileKind("other")
ZIP = FileKind("archive", "a ZIP archive")
_EXPORT = "export it as JPEG or PNG"
_UNPACK = "unpack it and point at the folder"
RAW = FileKind("unread", "a camera raw file", _EXPORT)
_JXL = FileKind("unread", "a JPEG XL picture", _EXPORT)
_MEDIA = FileKind("video", "a video")
_SOUND = FileKind("other", "a sound file")
_STARTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff\xf7", FileKind("unread", "a JPEG-LS picture", _EXPORT)),
    (b"\xff\xd8\xff", PICTURE),
    (b"\x89PNG\r\n\x1a\n", PICTURE),
    (b"GIF8", PICTURE),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", PICTURE),
    (b"\xff\x4f\xff\x51", PICTURE),
    (b"\xff\x0a", _JXL),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", _JXL),
    (b"8BPS", FileKind("unread", "a Photoshop file", _EXPORT)),
    (b"gimp xcf", FileKind("unread", "a GIMP file", _EXPORT)),
    (b"%PDF", FileKind("unread", "a PDF", "save its photos as JPEG or PNG")),
    (b"%!PS", FileKind("unread", "a PostScript file", _EXPORT)),
    (b"\xd7\xcd\xc6\x9a", FileKind("unread", "a Windows metafile", _EXPORT)),
    (b"\x76\x2f\x31\x01", FileKind("unread", "an OpenEXR picture", _EXPORT)),
    (b"#?RADIANCE", FileKind("unread", "a Radiance HDR picture", _EXPORT)),
    (b"DDS ", FileKind("unread", "a DirectDraw texture", _EXPORT)),
    (b"qoif", FileKind("unread", "a QOI picture", _EXPORT)),
    (b"\x00\x00\x01\x00", FileKind("unread", "an icon", _EXPORT)),
    (b"icns", FileKind("unread", "an icon", _EXPORT)),
    (b"II\xbc", FileKind("unread", "a JPEG XR picture", _EXPORT)),
    (b"BPG\xfb", FileKind("unread", "a BPG picture", _EXPORT)),
    (b"AT&TFORM", FileKind("unread", "a DjVu document", _EXPORT)),
    (b"FUJIFILM", RAW),
    (b"IIRO", RAW),
    (b"IIRS", RAW),
    (b"MMOR", RAW),
    (b"IIU\0", RAW),
    (b"II\x1a\0\0\0HEAPCCDR", RAW),
    (b"\0MRM", RAW),
    (b"FOVb", RAW),
    (b"Rar!\x1a\x07", FileKind("unread", "a RAR archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", FileKind("unread", "a 7-Zip archive", _UNPACK)),
    (b"\x1f\x8b", FileKind("unread", "a gzip archive", _UNPACK)),
    (b"BZh", FileKind("unread", "a bzip2 archive", _UNPACK)),
    (b"\xfd7zXZ\0", FileKind("unread", "an xz archive", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", FileKind("unread", "a Zstandard archive", _UNPACK)),
    (b"\x1aE\xdf\xa3", _MEDIA),
    (b"\0\0\x01\xba", _MEDIA),
    (b"\0\0\x01\xb3", _MEDIA),
    (b"0&\xb2u\x8ef\xcf\x11", _MEDIA),
    (b"FLV\x01", _MEDIA),
    (b"OggS", _SOUND),
    (b"ID3", _SOUND),
    (b"fLaC", _SOUND),
)
_RIFF = {b"WEBP": PICTURE, b"AVI ": _MEDIA, b"WAVE": _SOUND}
_HEIF = frozenset(
    b"heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 avif avis jpeg jpgs miaf".split()
)
_SOUNDS = frozenset((b"M4A ", b"M4B ", b"F4A "))
_BITMAP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)
_DNG_VERSION, _SUBFILE, _SUB_DIRECTORIES = 50706, 254, 330
_TIFF = re.compile(rb"II[*+]\0|MM\0[*+]")
_DIRECTORY = re.compile(rb"(?:word|xl|ppt)/|META-INF/|\[Content_Types\]|mimetype")
_TEXTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"<svg", FileKind("unread", "an SVG drawing", _EXPORT)),
    (b"<html", FileKind("unread", "a web page", "save the picture itself")),
    (b"<!doctype html", FileKind("unread", "a web page", "save the picture itself")),
    (
        b"version https://git-lfs",
        FileKind("unread", "a pointer of Git LFS", "fetch the file itself with `git lfs pull`"),
    ),
)


def kind_of(head: bytes, suffix: str = "") -> FileKind:
    """Tell the kind.

    Args:
        head: the first `HEAD` bytes, fewer of a shorter file.
        suffix: of the name, with the dot. It is asked where the content leaves it open: most
            camera raw files are TIFFs.
    """
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if _TIFF.match(head):
        is_raw = suffix.lower() in RAW_SUFFIXES or head[8:10] == b"CR" or _is_raw_tiff(head)
        return RAW if is_raw else PICTURE
    for look in (_of_boxes, _of_riff, _of_zip, _of_bitmap, _of_tar, _of_stream, _of_text):
        found = look(head)
        if found is not None:
            return found
    return RAW if suffix.lower() in RAW_SUFFIXES else OTHER


def _is_raw_tiff(head: bytes) -> bool:
    """DNG says so (DNG 1.7, DNGVersion); Nikon's and others begin with a preview of the rest."""
    order: Literal["little", "big"] = "little" if head.startswith(b"II") else "big"
    start = int.from_bytes(head[4:8], order)
    count = int.from_bytes(head[start : start + 2], order)
    entries = [head[place : place + 12] for place in range(start + 2, start + 2 + 12 * count, 12)]
    tags = {int.from_bytes(one[:2], order): one[8:] for one in entries if len(one) == 12}
    is_preview = int.from_bytes(tags.get(_SUBFILE, b"")[:4], order) == 1
    return _DNG_VERSION in tags or (is_preview and _SUB_DIRECTORIES in tags)


def _of_boxes(head: bytes) -> FileKind | None:
    """ISO base media files (ISO/IEC 14496-12) and QuickTime's."""
    if head[4:8] in (b"moov", b"mdat", b"wide", b"skip", b"pnot"):
        return _MEDIA
    if head[4:8] != b"ftyp":
        return None
    brands = head[8:12], *re.findall(b"(?s)....", head[16 : int.from_bytes(head[:4], "big")][:400])
    if brands[0] == b"crx ":
        return RAW
    if brands[0] in _SOUNDS:
        return _SOUND
    return PICTURE if brands[0] in _HEIF or not _HEIF.isdisjoint(brands) else _MEDIA


def _of_riff(head: bytes) -> FileKind | None:
    return _RIFF.get(head[8:12], OTHER) if head.startswith(b"RIFF") else None


def _of_zip(head: bytes) -> FileKind | None:
    if head[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        return None
    if _DIRECTORY.match(head[30:]):
        return FileKind("unread", "a document or a program", "save its photos as JPEG or PNG")
    return ZIP


def _of_bitmap(head: bytes) -> FileKind | None:
    """Two letters are too few: the size of the header follows (Windows SDK, BITMAPFILEHEADER)."""
    size = int.from_bytes(head[14:18], "little")
    return PICTURE if head.startswith(b"BM") and size in _BITMAP_HEADERS else None


def _of_tar(head: bytes) -> FileKind | None:
    return FileKind("unread", "a tar archive", _UNPACK) if head[257:262] == b"ustar" else None


def _of_stream(head: bytes) -> FileKind | None:
    """MPEG's transport stream, as camcorders record it: packets of 188 or 192 bytes."""
    starts = (head[0:565:188], head[4:581:192])
    return _MEDIA if b"GGGG" in starts else None


def _of_text(head: bytes) -> FileKind | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, kind in _TEXTS:
        if start.startswith(mark) or (start.startswith(b"<?xml") and mark in start):
            return kind
    if not head or b"\0" in head.replace(b"\xff\xfe", b"").replace(b"\xfe\xff", b"")[:1]:
        return None
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return FileKind("text", "a text") if controls == 0 else None
