"""One thing that may become a photo: a file, a file inside an archive, a frame of a video."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

INSIDE = "!"
"""Between the path of an archive or video and what lies in it, in `source`."""


@dataclass(frozen=True)
class Found:
    """A photo to be taken.

    Attributes:
        name: file name as it was given.
        source: where it came from: a path, or `archive.zip!inner/name.jpg`, `film.mp4!00:01:02.40`.
        opened: gives a file to read while the block lasts; raises `PhotoError` when there is none.
        is_temporary: the file is ours and goes when the block ends, so it is moved, not linked.
    """

    name: str
    source: str
    opened: Callable[[], AbstractContextManager[Path]]
    is_temporary: bool = False
