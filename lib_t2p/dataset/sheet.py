"""The contact sheet: what the trainer will see, what is held out, what is left out and why.

It names no photo file, since reports show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib_t2p.dataset.manifest import PhotoDecision, State
from lib_t2p.dataset.reasons import SHORT
from lib_t2p.errors import PhotoError
from lib_t2p.vision.images import open_photo, save_jpeg
from lib_t2p.workspace import DatasetFolder, PersonFolder

THUMB = 168
GAP = 14
LABEL = 24
MARGIN = 28
HEADING = 46
COLUMNS = 7
PAPER, INK, FAINT = (250, 250, 248), (32, 34, 38), (120, 124, 132)
NO_PICTURE = (226, 226, 222)
PARTS: tuple[tuple[State, str, tuple[int, int, int]], ...] = (
    ("kept", "Kept for training", (46, 125, 80)),
    ("held_out", "Held out for scoring, never trained on", (40, 96, 168)),
    ("left_out", "Left out", (176, 64, 52)),
)
"""State, heading, colour of the frame."""


def write_sheet(
    folder: DatasetFolder, person: PersonFolder, decisions: Sequence[PhotoDecision]
) -> None:
    """Draw `sheet.jpg` from the crops in `folder` and, for photos left out, the originals."""
    parts = [
        (title, colour, [d for d in decisions if d.state == state])
        for state, title, colour in PARTS
    ]
    parts = [part for part in parts if part[2]]
    height = 2 * MARGIN + sum(_part_height(len(photos)) for _, _, photos in parts)
    sheet = Image.new("RGB", (2 * MARGIN + COLUMNS * (THUMB + GAP) - GAP, height), PAPER)
    top = MARGIN
    for title, colour, photos in parts:
        _heading(sheet, top, f"{title}  ({len(photos)})", colour)
        for number, decision in enumerate(photos):
            row, column = divmod(number, COLUMNS)
            place = (
                MARGIN + column * (THUMB + GAP),
                top + HEADING + row * (THUMB + LABEL + GAP),
            )
            _card(sheet, place, _thumb(folder, person, decision), _label(decision), colour)
        top += _part_height(len(photos))
    save_jpeg(np.asarray(sheet), folder.sheet)


def _part_height(count: int) -> int:
    rows = -(-count // COLUMNS)
    return HEADING + rows * (THUMB + LABEL + GAP)


def _heading(sheet: Image.Image, top: int, text: str, colour: tuple[int, int, int]) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((MARGIN, top + 7, MARGIN + 5, top + 29), fill=colour)
    draw.text((MARGIN + 15, top + 6), text, fill=INK, font=ImageFont.load_default(20))


def _card(
    sheet: Image.Image,
    place: tuple[int, int],
    thumb: Image.Image | None,
    label: str,
    colour: tuple[int, int, int],
) -> None:
    x, y = place
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((x - 2, y - 2, x + THUMB + 1, y + THUMB + 1), outline=colour, width=2)
    draw.rectangle((x, y, x + THUMB - 1, y + THUMB - 1), fill=NO_PICTURE)
    if thumb is not None:
        sheet.paste(thumb, (x + (THUMB - thumb.width) // 2, y + (THUMB - thumb.height) // 2))
    draw.text((x, y + THUMB + 5), label, fill=FAINT, font=ImageFont.load_default(14))


def _thumb(
    folder: DatasetFolder, person: PersonFolder, decision: PhotoDecision
) -> Image.Image | None:
    path: Path = folder.root / decision.file if decision.file else person.photos / decision.photo
    try:
        image = Image.fromarray(open_photo(path, 2 * THUMB).picture)
    except PhotoError:
        return None
    scale = THUMB / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _label(decision: PhotoDecision) -> str:
    if decision.state == "left_out":
        return SHORT.get(decision.code, decision.code)
    return ", ".join([Path(decision.file).stem, *decision.repaired])
