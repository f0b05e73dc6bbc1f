"""Lines of text on a picture."""

from __future__ import annotations

from PIL import Image, ImageDraw

from lib_t2p.reports.picture.picture_text import font, shortened, width

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""
PAPER: Colour = (255, 255, 255)
INK: Colour = (28, 30, 36)
FAINT: Colour = (104, 110, 122)


class Canvas:
    """A white picture to write and draw on.

    Args:
        size: width and height in pixels.
        text: font size in pixels.
    """

    def __init__(self, size: tuple[int, int], text: int) -> None:
        self.picture = Image.new("RGB", size, PAPER)
        self._draw = ImageDraw.Draw(self.picture)
        self._text = text

    def line(
        self, left: int, top: int, words: str, *, bold: bool = False, colour: Colour = INK
    ) -> int:
        """Write one line; gives its width."""
        face = font(self._text, bold=bold)
        self._draw.text((left, top), words, font=face, fill=colour)
        return width(words, face)

    def title(self, left: int, top: int, words: str, room: int) -> None:
        """Write one large line, shortened to `room` pixels."""
        face = font(round(self._text * 1.4), bold=True)
        self._draw.text((left, top), shortened(words, face, room), font=face, fill=INK)

    def centred(
        self,
        middle: int,
        top: int,
        words: str,
        room: int,
        *,
        bold: bool = False,
        colour: Colour = INK,
    ) -> None:
        """Write one line around `middle`, shortened to `room` pixels."""
        face = font(self._text, bold=bold)
        short = shortened(words, face, room)
        self.line(middle - width(short, face) // 2, top, short, bold=bold, colour=colour)

    def frame(self, box: tuple[int, int, int, int], colour: Colour, thick: int) -> None:
        """Draw a rectangle (left, top, right, bottom) whose line lies inside the box."""
        self._draw.rectangle(box, outline=colour, width=thick)
