"""Addresses of small pictures."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.ui.gradio_versions import file_url
from lib_t2p.ui.thumbs import thumbnail
from lib_t2p.workspace import PersonFolder


def preview_of(person: PersonFolder, photo: str) -> Path | None:
    """The worker's preview, else a thumbnail of our own; None where neither can be had."""
    drawn = person.preview(photo)
    return drawn if drawn.exists() else thumbnail(person.workspace, person.photos / photo)


def preview_url(person: PersonFolder, photo: str) -> str:
    """Its address; empty where there is none."""
    small = preview_of(person, photo)
    return file_url(small) if small else ""
