"""The contact sheet: what the trainer will see, what is held out, what is left out and why.

Each picture stands in its bucket's shape with size, repeats, caption and masks as written.

It names no photo file, since reports show it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib_t2p.dataset.manifest import DrawnCrop, PhotoDecision, State
from lib_t2p.dataset.reasons import SHORT
from lib_t2p.errors import PhotoError
from lib_t2p.vision.photo_files import open_photo, save_jpeg
from lib_t2p.workspace import DatasetFolder, PersonFolder

THUMB = 168
GAP = 14
LINE = 18
LABEL = 4 * LINE + 6
MARGIN = 28
HEADING = 46
COLUMNS = 7
"""At least."""
MOST_HEIGHT = 20_000
"""Pixels; more columns are taken before a sheet gets higher. A JPEG ends at 65,500."""
LEFT_OUT_SHOWN = 30 * COLUMNS
"""Photos left out that are shown; of the others there is only the count. The tab shows all."""
LINES = 4
"""Of a label at most."""
LETTERS = 26
"""Of a label's line."""
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
    parts = [part for state in PARTS if (part := _part(decisions, *state)).cards]
    columns = COLUMNS
    while _height(parts, columns) > MOST_HEIGHT:
        columns += 1
    width = 2 * MARGIN + columns * (THUMB + GAP) - GAP
    sheet = Image.new("RGB", (width, _height(parts, columns)), PAPER)
    top = MARGIN
    for part in parts:
        _heading(sheet, top, part.heading, part.colour)
        for number, card in enumerate(part.cards):
            row, column = divmod(number, columns)
            place = (
                MARGIN + column * (THUMB + GAP),
                top + HEADING + row * (THUMB + LABEL + GAP),
            )
            root = folder.root if card.is_crop else person.photos
            _draw_card(sheet, place, _thumb(root / card.file, card.turn), card.lines, part.colour)
        top += _part_height(len(part.cards), columns)
    save_jpeg(np.asarray(sheet), folder.sheet)


@dataclass(frozen=True)
class _Card:
    """A picture with its lines; `file` lies in the version or, of photos left out, in `photos`."""

    file: str
    is_crop: bool
    lines: tuple[str, ...]
    turn: int = 0


@dataclass(frozen=True)
class _Part:
    """Photos of one state under their heading."""

    heading: str
    colour: tuple[int, int, int]
    cards: list[_Card]


def _part(
    decisions: Sequence[PhotoDecision], state: State, title: str, colour: tuple[int, int, int]
) -> _Part:
    cards = [card for d in decisions if d.state == state for card in _cards(d)]
    count = str(len(cards))
    if state == "left_out" and len(cards) > LEFT_OUT_SHOWN:
        cards = cards[:LEFT_OUT_SHOWN]
        count += f", the first {LEFT_OUT_SHOWN} shown"
    return _Part(f"{title}  ({count})", colour, cards)


def _cards(decision: PhotoDecision) -> list[_Card]:
    """One card for each picture that the trainer will see, else one of the original."""
    if not decision.crops:
        short = SHORT.get(decision.code, decision.code)
        return [_Card(decision.photo, False, (short,), decision.turn)]
    return [_Card(crop.file, True, _lines(decision, crop)) for crop in decision.crops]


def _lines(decision: PhotoDecision, crop: DrawnCrop) -> tuple[str, ...]:
    width, height = crop.size
    times = f" x{crop.repeats}" if crop.repeats else ""
    first = f"{Path(crop.file).stem} {width}x{height}{times}"
    done = [*decision.repaired, *(["by hand"] if crop.by_hand else [])]
    lines = [first, ", ".join(done), *textwrap.wrap(crop.caption, LETTERS)]
    return tuple(line for line in lines if line)[:LINES]


def _height(parts: Sequence[_Part], columns: int) -> int:
    return 2 * MARGIN + sum(_part_height(len(part.cards), columns) for part in parts)


def _part_height(count: int, columns: int) -> int:
    rows = -(-count // columns)
    return HEADING + rows * (THUMB + LABEL + GAP)


def _heading(sheet: Image.Image, top: int, text: str, colour: tuple[int, int, int]) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((MARGIN, top + 7, MARGIN + 5, top + 29), fill=colour)
    draw.text((MARGIN + 15, top + 6), text, fill=INK, font=ImageFont.load_default(20))


def _draw_card(
    sheet: Image.Image,
    place: tuple[int, int],
    thumb: Image.Image | None,
    lines: Sequence[str],
    colour: tuple[int, int, int],
) -> None:
    x, y = place
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((x - 2, y - 2, x + THUMB + 1, y + THUMB + 1), outline=colour, width=2)
    draw.rectangle((x, y, x + THUMB - 1, y + THUMB - 1), fill=NO_PICTURE)
    if thumb is not None:
        sheet.paste(thumb, (x + (THUMB - thumb.width) // 2, y + (THUMB - thumb.height) // 2))
    font = ImageFont.load_default(13)
    for number, line in enumerate(lines):
        draw.text((x, y + THUMB + 5 + number * LINE), line, fill=FAINT, font=font)


def _thumb(path: Path, turn: int) -> Image.Image | None:
    try:
        image = Image.fromarray(open_photo(path, 2 * THUMB, turn).picture)
    except PhotoError:
        return None
    scale = THUMB / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)
