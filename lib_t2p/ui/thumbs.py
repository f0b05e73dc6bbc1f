"""Small pictures of originals, which are too large to send to a page, and their addresses."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PIL import Image, ImageOps

from lib_t2p.files import whole_file
from lib_t2p.pictures import open_picture
from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.workspace import PersonFolder, Workspace

SIDE = 320
"""Longest side in pixels."""

MOST_PIXELS = 200_000_000
"""Larger originals get no preview."""


def thumbnail(workspace: Workspace, photo: Path) -> Path | None:
    """A small upright JPEG of a photo, without its EXIF and GPS.

    Args:
        workspace: its cache keeps the small picture.
        photo: an original of any kind.

    Returns:
        The small file, or None when this program cannot read the photo.
    """
    if not photo.is_file():
        return None
    state = photo.stat()
    mark = f"{photo}|{state.st_size}|{state.st_mtime_ns}|{SIDE}"
    small = workspace.cache / "thumbs" / f"{hashlib.sha256(mark.encode()).hexdigest()[:24]}.jpg"
    if small.exists():
        return small
    try:
        with open_picture(photo) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            opened.draft("RGB", (SIDE * 2, SIDE * 2))
            picture = ImageOps.exif_transpose(opened) or opened
            picture.thumbnail((SIDE, SIDE))
            with whole_file(small) as partial:
                picture.convert("RGB").save(partial, "JPEG", quality=85)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return small


def preview_of(person: PersonFolder, photo: str) -> Path | None:
    """The worker's preview, else a thumbnail of our own; None where neither can be had."""
    drawn = person.preview(photo)
    return drawn if drawn.exists() else thumbnail(person.workspace, person.photos / photo)


def preview_url(person: PersonFolder, photo: str) -> str:
    """Its address; empty where there is none."""
    small = preview_of(person, photo)
    return file_url(small) if small else ""
