"""One thing that may become a photo: a file, a file inside an archive, a frame of a video."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

INSIDE = "!"
"""Between the path of an archive or video and what lies in it, in `source`."""
_UNSHOWN = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's categories of control characters, surrogates and ends of lines."""


@dataclass(frozen=True)
class Found:
    """A photo to be taken.

    Attributes:
        name: file name as it was given.
        source: where it came from: a path, or `archive.zip!inner/name.jpg`, `film.mp4!00:01:02.40`.
        opened: gives a file to read while the block lasts; raises `PhotoError` when there is none.
        is_temporary: the file is ours and goes when the block ends, so it is moved, not linked.
        beside: what it may have in common with its caption, best first: `caption_files.keys_of`.
        caption: what stood beside it, or empty.
    """

    name: str
    source: str
    opened: Callable[[], AbstractContextManager[Path]]
    is_temporary: bool = False
    beside: tuple[str, ...] = ()
    caption: str = ""


@dataclass(frozen=True)
class Refused:
    """A file that is not taken.

    Attributes:
        name: file name as it was given.
        reason: a sentence.
        source: as of `Found`.
    """

    name: str
    reason: str
    source: str


@dataclass
class Listing:
    """What lies where photos were looked for.

    Attributes:
        found: photos, and videos as their paths.
        refused: what may hold a picture and is not read.
        passed: names of files that are no photos.
    """

    found: list[Found | Path] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)


def printable(text: str) -> str:
    """A name as it may be shown and written: what is no letter for a page becomes a mark.

    Names on disk need not be text: Python stands surrogates for bytes that are none.
    """
    shown = (c if unicodedata.category(c) not in _UNSHOWN else "\ufffd" for c in text)
    return "".join(shown)
