"""Where everything of a drawn grid lies, in pixels, origin at the top left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib_t2p.grids import GridPlan
from lib_t2p.grids.axes import Axis, value_label
from lib_t2p.reports.picture.mosaics import Tiles, tiles_for
from lib_t2p.reports.picture.picture_text import font, width

MAX_SIDE = 16_383
"""Pixels; WebP cannot be larger."""
MAX_PIXELS = 60_000_000
"""What a browser shows without trouble."""
SMALLEST, LARGEST = 160, 320
"""Pixels of one picture's longer side, unless the whole grid would be too large."""
MOSAIC = 4
"""Seeds shown for each group."""
MARGIN = 28
GAP = 18
SMALL_TEXT, LARGE_TEXT = 17, 28
"""Font sizes in pixels, the large one below large pictures."""
HEAD_LINES = 4
"""Lines above the columns: title, prompt (2), settings."""
FOOT_LINES = 4
CAPTION_LINES = 2
MAX_ROW_LABEL = 14
"""Widest row label, in font sizes."""


@dataclass(frozen=True)
class Layout:
    """Sizes of one drawn grid.

    Attributes:
        tiles: layout of the pictures of one group.
        extras: columns before the axis: real photos and no LoRA.
        columns: values of the x axis.
        rows: values of the y axis.
        label: width of the row labels.
        text: font size.
    """

    tiles: Tiles
    extras: int
    columns: int
    rows: int
    label: int
    text: int

    @property
    def line(self) -> int:
        """From one line of text to the next."""
        return round(self.text * 1.4)

    @property
    def frame(self) -> int:
        """Pixels of the frame around the best."""
        return max(5, self.text // 3)

    @property
    def column_width(self) -> int:
        """From one column to the next; captions need room even below small pictures."""
        return max(self.tiles.size[0], 9 * self.text) + GAP

    @property
    def row_height(self) -> int:
        """From one row to the next."""
        return self.tiles.size[1] + CAPTION_LINES * self.line + GAP

    @property
    def top(self) -> int:
        """Upper edge of the first row of pictures."""
        return MARGIN + (HEAD_LINES + 2) * self.line + GAP

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture."""
        wide = self.label + (self.extras + self.columns) * self.column_width + GAP
        high = self.top + self.rows * self.row_height + FOOT_LINES * self.line
        return max(wide, 640) + 2 * MARGIN, high + MARGIN

    def extra_left(self, n: int) -> int:
        """Left edge of the n-th column before the row labels."""
        return MARGIN + n * self.column_width

    @property
    def label_left(self) -> int:
        """Left edge of the row labels: between the columns without an axis and the others."""
        return MARGIN + self.extras * self.column_width + GAP // 2

    def left(self, x: int) -> int:
        """Left edge of column `x` of the axis."""
        return self.label_left + self.label + GAP // 2 + x * self.column_width

    def row_top(self, y: int) -> int:
        """Upper edge of the pictures of row `y`."""
        return self.top + y * self.row_height


def layout_for(plan: GridPlan, *, extras: int) -> Layout:
    """Choose sizes so that small pictures are enlarged and the whole stays within WebP's limit."""
    longer = max(plan.width, plan.height)
    scale = min(max(longer, SMALLEST), LARGEST) / longer
    count = 1 if plan.axis("seed") else min(len(plan.seeds), MOSAIC)
    tiles = tiles_for(count, round(plan.width * scale), round(plan.height * scale))
    layout = _layout(plan, tiles, extras)
    while _too_large(layout.size) and min(tiles.width, tiles.height) > 24:
        tiles = replace(tiles, width=round(tiles.width * 0.85), height=round(tiles.height * 0.85))
        layout = _layout(plan, tiles, extras)
    return layout


def _layout(plan: GridPlan, tiles: Tiles, extras: int) -> Layout:
    text = min(max(SMALL_TEXT, tiles.size[0] // 20), LARGE_TEXT)
    labels = row_labels(plan)
    label = max(width(words, font(text, bold=True)) for words in labels) + GAP
    return Layout(
        tiles=tiles,
        extras=extras,
        columns=len(plan.x.values),
        rows=len(labels),
        label=min(label, MAX_ROW_LABEL * text),
        text=text,
    )


def axis_label(plan: GridPlan, axis: Axis, value: str | float) -> str:
    """What stands beside a column or a row."""
    if axis.kind == "saved_model":
        return plan.title_of(str(value))
    return f"weight {value:g}" if axis.kind == "lora_weight" else value_label(axis.kind, value)


def row_labels(plan: GridPlan) -> list[str]:
    """What stands beside the rows, from top to bottom; a third axis stands before the second."""
    rows = [axis_label(plan, plan.y, value) for value in plan.y.values]
    if plan.z is None:
        return rows
    blocks = [axis_label(plan, plan.z, value) for value in plan.z.values]
    return [f"{block}, {row}" for block in blocks for row in rows]


def _too_large(size: tuple[int, int]) -> bool:
    return max(size) > MAX_SIDE or size[0] * size[1] > MAX_PIXELS
