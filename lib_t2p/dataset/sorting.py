"""What becomes of a file that lies where photos are looked for: told by its content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from lib_t2p.dataset import videos
from lib_t2p.vision.photo_files import SUFFIXES, kind_of

ZIP = ".zip"
CAPTIONS = (".txt", ".caption")
"""Endings under which kohya's tools keep captions beside photos."""
Fate = Literal["photo", "video", "archive", "caption", "refused", "passed"]
_FOREIGN = {
    ".ai": "an Illustrator file",
    ".cdr": "a CorelDRAW file",
    ".emf": "a Windows metafile",
    ".pbm": "a PBM picture",
    ".pcx": "a PCX picture",
    ".pgm": "a PGM picture",
    ".ppm": "a PPM picture",
    ".svgz": "an SVG drawing",
    ".tga": "a Targa picture",
    ".wmf": "a Windows metafile",
}
"""Pictures that begin with nothing of their own."""


@dataclass(frozen=True)
class Sorted:
    """What becomes of a file.

    Attributes:
        fate: `photo` is opened, `video` looked through, `archive` looked into; `caption` may
            belong to a photo; `refused` may hold a picture that is not read; `passed` is no photo.
        reason: of `refused`, a sentence.
    """

    fate: Fate
    reason: str = ""


def sort_file(name: str, head: bytes, *, is_wanted: bool = False) -> Sorted:
    """Decide by content; the name is asked where the content leaves it open.

    Args:
        name: of the file, fit to be shown.
        head: its first bytes, see `file_kinds.HEAD`.
        is_wanted: the file was named itself, so that a reason is owed whatever it is.
    """
    suffix = PurePosixPath(name).suffix.lower()
    kind = kind_of(head, suffix)
    if kind.group == "picture":
        return Sorted("photo")
    if kind.group == "unread":
        return Sorted("refused", f"{name} is {kind.name}, which is not read: {kind.advice}.")
    if kind.group == "video" or suffix in videos.SUFFIXES:
        return Sorted("video")
    if kind.group == "archive" or suffix == ZIP:
        return Sorted("archive")
    if suffix in _FOREIGN:
        what = _FOREIGN[suffix]
        return Sorted("refused", f"{name} is {what}, which is not read: export it as JPEG or PNG.")
    if suffix in CAPTIONS:
        return Sorted("caption")
    return Sorted("photo" if suffix in SUFFIXES or is_wanted else "passed")


def is_hidden(path: PurePosixPath) -> bool:
    """Whether a path is one of those that systems put beside photos: `._a.jpg`, `.DS_Store`."""
    hidden = (part for part in path.parts if part not in (".", ".."))
    return any(part.startswith((".", "__MACOSX")) for part in hidden)
