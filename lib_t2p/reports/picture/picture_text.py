"""Text in drawn pictures: font, measuring, shortening, wrapping."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_DEJAVU = "mpl-data/fonts/ttf/DejaVuSans{}.ttf"
ELLIPSIS = "\u2026"


@lru_cache(maxsize=32)
def font(size: int, *, bold: bool = False) -> Font:
    """DejaVu Sans where matplotlib is installed (it has Cyrillic and Greek), else Pillow's own."""
    found = find_spec("matplotlib")
    if found and found.submodule_search_locations:
        name = _DEJAVU.format("-Bold" if bold else "")
        path = Path(next(iter(found.submodule_search_locations))) / name
        if path.exists():
            return ImageFont.truetype(str(path), size)
    return ImageFont.load_default(size)


def width(text: str, face: Font) -> int:
    """Pixels that a line takes."""
    return round(face.getlength(text))


def shortened(text: str, face: Font, room: int) -> str:
    """The text, or its start and its end with an ellipsis, not wider than `room` pixels.

    The end is kept because names of saved models differ there (`..._e08`).
    """
    if width(text, face) <= room:
        return text
    for keep in range(len(text) - 1, 0, -1):
        head = keep // 3
        short = text[:head] + ELLIPSIS + text[len(text) - (keep - head) :]
        if width(short, face) <= room:
            return short
    return ELLIPSIS


def label_lines(text: str, face: Font, room: int, lines: int) -> list[str]:
    """A name on one line where it fits, else broken at its spaces, so that no part is lost.

    Words that are too long for a line are shortened as `shortened` does.
    """
    if width(text, face) <= room:
        return [text]
    words = " ".join(shortened(word, face, room) for word in text.split())
    return wrapped(words, face, room, lines)


def wrapped(text: str, face: Font, room: int, lines: int) -> list[str]:
    """Break at spaces into at most `lines` lines of `room` pixels; what is left over is cut."""
    out: list[str] = []
    for word in text.split():
        if out and width(f"{out[-1]} {word}", face) <= room:
            out[-1] += f" {word}"
        elif len(out) < lines:
            out.append(word)
        else:
            out[-1] = _cut(f"{out[-1]} {ELLIPSIS}", face, room)
            break
    return [_cut(line, face, room) for line in out]


def _cut(line: str, face: Font, room: int) -> str:
    while len(line) > 1 and width(line, face) > room:
        line = line.rstrip(ELLIPSIS)[:-1] + ELLIPSIS
    return line
