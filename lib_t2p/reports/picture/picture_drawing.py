"""Drawing a grid onto its canvas, lines of text among it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw

from lib_t2p.grids import GridPlan
from lib_t2p.grids.cells import Cell, cell_path
from lib_t2p.reports.picture.mosaics import mosaic
from lib_t2p.reports.picture.picture_groups import Group
from lib_t2p.reports.picture.picture_layout import (
    GAP,
    MARGIN,
    MOSAIC,
    Layout,
    axis_label,
    row_labels,
)
from lib_t2p.reports.picture.picture_text import font, label_lines, shortened, width, wrapped
from lib_t2p.scores.verdict import Candidate, Summary, Verdict, distance_numbers
from lib_t2p.workspace import GridFolder

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


BEST: Colour = (18, 128, 62)
TIE: Colour = (214, 134, 20)
BASE: Colour = (200, 24, 32)
DOT = " \u00b7 "
HEAD_ROWS, LABEL_ROWS = 2, 4
"""Lines of a column's name, as many as stand above the columns without an axis, and of a row's."""
NUMBERS = (
    "Numbers: mean distance of the faces to the held-out photos over all prompts and seeds "
    "(95 % interval), lower is closer."
)


@dataclass
class Drawing:
    """One grid being drawn.

    Attributes:
        grid: where the cells lie.
        plan: of the grid.
        name: of the person.
        references: pictures without LoRA, one group for each row that differs.
        groups: all others by their place.
        verdict: None before scoring.
        painter: who painted; empty when not known.
        layout: sizes.
    """

    grid: GridFolder
    plan: GridPlan
    name: str
    references: list[Group]
    groups: list[Group]
    verdict: Verdict | None
    painter: str
    layout: Layout
    canvas: Canvas = field(init=False)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.layout.size, self.layout.text)

    def finish(self, photos: Sequence[Path]) -> Image.Image:
        """Draw everything; `photos` are real ones for the first column, if any."""
        self._heading()
        if photos:
            self._column(0, "real photos", "held out")
            self._paste(self.layout.extra_left(0), 0, photos[:MOSAIC])
        self._reference(1 if photos else 0)
        self._labels()
        self._groups()
        self._legend()
        return self.canvas.picture

    def _heading(self) -> None:
        plan, layout = self.plan, self.layout
        room = layout.size[0] - 2 * MARGIN
        number = f" 1 of {len(plan.prompts)}" if len(plan.prompts) > 1 else ""
        plain = self.references[0].cells[0].request.prompt
        lines = wrapped(f"Prompt{number}: {plain}", font(layout.text), room, 2)
        lines += wrapped(_settings_words(plan, self.painter), font(layout.text), room, 1)
        self.canvas.title(MARGIN, MARGIN, f"{self.name}: grid {self.grid.id}", room)
        for n, line in enumerate(lines):
            top = MARGIN + round(1.6 * layout.line) + n * layout.line
            self.canvas.line(MARGIN, top, line, colour=FAINT)

    def _reference(self, n: int) -> None:
        shared = self.layout.rows > 1 and len(self.references) == 1
        self._column(n, "no LoRA", "the same for all rows" if shared else "reference")
        left = self.layout.extra_left(n)
        for group in self.references:
            self._paste(left, group.y, self._paths(group.cells))
            if group.summary:
                self._caption(left, group.y, group.summary)

    def _column(self, n: int, title: str, under: str) -> None:
        left, layout = self.layout.extra_left(n), self.layout
        self._centred(left, layout.top - 2 * layout.line - 4, title, bold=True)
        self._centred(left, layout.top - layout.line - 4, under, colour=FAINT)

    def _labels(self) -> None:
        plan, layout = self.plan, self.layout
        face = font(layout.text, bold=True)
        for x, value in enumerate(plan.x.values):
            room = layout.column_width - GAP // 2
            above = label_lines(axis_label(plan, plan.x, value), face, room, HEAD_ROWS)
            top = layout.top - len(above) * layout.line - 8
            for n, words in enumerate(above):
                self._centred(layout.left(x), top + n * layout.line, words, bold=True)
        for y, label in enumerate(row_labels(plan)):
            beside = label_lines(label, face, layout.label - GAP // 2, LABEL_ROWS)
            middle = layout.row_top(y) + layout.tiles.size[1] // 2
            top = middle - len(beside) * layout.line // 2
            for n, words in enumerate(beside):
                left = layout.label_left + layout.label - width(words, face) - layout.frame
                self.canvas.line(left, top + n * layout.line, words, bold=True)

    def _groups(self) -> None:
        for group in self.groups:
            x, y = group.x, group.y
            self._paste(self.layout.left(x), y, self._paths(group.cells))
            self._frame(x, y, self._colour(group.candidate))
            if self.plan.base and group.candidate.model == self.plan.base:
                # On the pictures' edge, so that it can be seen together with the other frames.
                self._frame(x, y, BASE, inside=True)
            if group.summary:
                self._caption(self.layout.left(x), y, group.summary)

    def _legend(self) -> None:
        line = self.layout.line
        top = self.layout.size[1] - MARGIN - 3 * line
        room = self.layout.size[0] - 2 * MARGIN
        words = NUMBERS if self.verdict else "Not scored yet."
        lines = wrapped(words, font(self.layout.text), room, 2)
        for n, text in enumerate(lines):
            self.canvas.line(MARGIN, top + n * line, text, colour=FAINT)
        top += len(lines) * line + line // 3
        if self.verdict and self.verdict.best:
            self._swatch(0, top, BEST, "best beyond chance")
        elif self.verdict and self.verdict.ties:
            self._swatch(0, top, TIE, "closest, cannot be told apart")
        if self.plan.base:
            self._swatch(room // 2, top, BASE, "base")

    def _swatch(self, at: int, top: int, colour: Colour, words: str) -> None:
        side, left = self.layout.text, MARGIN + at
        self.canvas.frame((left, top + 2, left + round(1.5 * side), top + 2 + side), colour, 4)
        self.canvas.line(left + 2 * side, top, words)

    def _frame(self, x: int, y: int, colour: Colour | None, *, inside: bool = False) -> None:
        if colour:
            left, top = self.layout.left(x), self.layout.row_top(y)
            wide, high = self.layout.tiles.size
            by = 0 if inside else self.layout.frame
            box = (left - by, top - by, left + wide + by - 1, top + high + by - 1)
            self.canvas.frame(box, colour, self.layout.frame)

    def _colour(self, candidate: Candidate) -> Colour | None:
        if self.verdict is None:
            return None
        if candidate == self.verdict.best:
            return BEST
        closest = (self.verdict.leader, *self.verdict.ties) if self.verdict.ties else ()
        return TIE if candidate in closest else None

    def _caption(self, left: int, y: int, summary: Summary) -> None:
        top = self.layout.row_top(y) + self.layout.tiles.size[1] + self.layout.frame + 2
        faces = f"faces {summary.found} of {summary.pictures}"
        self._centred(left, top, distance_numbers(summary.distance), bold=True)
        self._centred(left, top + self.layout.line - 2, faces, colour=FAINT)

    def _centred(
        self, left: int, top: int, words: str, *, bold: bool = False, colour: Colour = INK
    ) -> None:
        middle = left + self.layout.tiles.size[0] // 2
        room = self.layout.column_width - GAP // 2
        self.canvas.centred(middle, top, words, room, bold=bold, colour=colour)

    def _paste(self, left: int, y: int, paths: Sequence[Path]) -> None:
        picture = mosaic(paths, self.layout.tiles, PAPER)
        self.canvas.picture.paste(picture, (left, self.layout.row_top(y)))

    def _paths(self, cells: Sequence[Cell]) -> list[Path]:
        return [cell_path(self.grid, cell) for cell in cells[:MOSAIC]]


def _settings_words(plan: GridPlan, painter: str) -> str:
    shown = plan.seeds[:MOSAIC]
    more = f" (of {len(plan.seeds)})" if len(plan.seeds) > len(shown) else ""
    seeds = f"seed{'s' if len(plan.seeds) > 1 else ''} {', '.join(map(str, shown))}{more}"
    parts = [
        seeds,
        f"{plan.steps} steps {plan.sampler_name}",
        f"CFG {plan.cfg_scale:g}",
        f"{plan.width}\u00d7{plan.height}",
    ]
    return DOT.join([*parts, f"painted by {painter}"] if painter else parts)
