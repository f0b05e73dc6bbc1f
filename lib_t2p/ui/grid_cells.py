"""The cells of a grid as small pictures with coloured scores, in pages.

A click on one shows the full picture, its numbers and infotext, and where it can be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from lib_t2p import grids, painting, scores
from lib_t2p import scores as scores_room
from lib_t2p.errors import InputError, T2PError
from lib_t2p.grids import cells
from lib_t2p.grids import cells as cells_room
from lib_t2p.reports import picture
from lib_t2p.scores import verdict
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import choice_field, number_field, text_field, tools
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import TARGETS, empty_state, message, send_button
from lib_t2p.ui.thumbs import thumbnail
from lib_t2p.workspace import GridFolder, Workspace


@dataclass(frozen=True)
class Looking:
    """The components, in the order of `in_order`."""

    page: Any
    order: Any
    only: Any
    words: Any

    def in_order(self) -> list[Any]:
        """What the refresh reads."""
        return [self.page, self.order, self.only, self.words]


def looking_fields() -> Looking:
    """Build the fields above the cells."""
    with tools():
        order = choice_field(
            "Order of the pictures",
            "t2p_grid_order",
            [picture.AS_AXES, *picture.ORDERS],
            value=picture.AS_AXES,
            min_width=140,
        )
        only = choice_field(
            "Cells shown",
            "t2p_grid_only",
            [picture.EVERYTHING, *picture.FILTERS],
            value=picture.EVERYTHING,
            min_width=140,
        )
        words = text_field(
            "Show only pictures with",
            "t2p_grid_words",
            placeholder="such as e02, seed 3",
            min_width=140,
        )
        page = number_field("Page of cells", "t2p_grid_page", 1, min_width=80)
    return Looking(page, order, only, words)


def read_choice(order: Any, only: Any, words: Any) -> picture.CellChoice:
    """What the fields hold; values that are none count as the usual ones."""
    return picture.CellChoice(
        str(order or picture.AS_AXES), str(only or picture.EVERYTHING), str(words or "")
    )


def read_page(page: Any) -> int:
    """The page, counted from 1."""
    return int(page) if isinstance(page, (int, float)) else 1


CHANNEL = "grid_cell"
AT_ONCE = 4
"""Small pictures made at the same time; decoding lets go of Python's lock."""
BASE_FRAME = "outline:3px solid #d22;outline-offset:-1px;"
"""As the guide frames the base run."""


def cells_view(
    workspace: Workspace, grid: GridFolder, page: int, choice: picture.CellChoice | None = None
) -> str:
    """One page of cells.

    Args:
        workspace: its cache keeps the small pictures.
        grid: planned; what is not painted yet is an empty place.
        page: counted from 1; one beyond the last shows the last.
        choice: order and filter; a table of the axes when it is plain.
    """
    choice = choice or picture.CellChoice()
    try:
        data = scores.grid_data(grid)
        data = replace(data, plan=grids.shown_plan(data.plan, grid))
    except T2PError as error:
        return message(str(error), "bad")
    if choice.is_plain:
        return _tables(workspace, grid, data, page)
    return _list(workspace, grid, data, page, choice)


def _tables(workspace: Workspace, grid: GridFolder, data: scores.GridData, page: int) -> str:
    pages = picture.pages_of(data.plan, data.cells)
    number = min(max(page, 1), len(pages))
    shown = pages[number - 1]
    drawing = _Drawing(workspace, grid, data, shown.cells)
    named = ", ".join(part for part in (_of(number, len(pages)), shown.title) if part)
    return _whole(named, drawing.legend(), drawing.table(shown))


def _list(
    workspace: Workspace,
    grid: GridFolder,
    data: scores.GridData,
    page: int,
    choice: picture.CellChoice,
) -> str:
    found = picture.chosen_cells(data.cells, data.scores, choice)
    if not found:
        return empty_state("No picture is left", "Choose another filter, or fewer words.")
    pages = -(-len(found) // picture.MOST)
    number = min(max(page, 1), pages)
    shown = found[(number - 1) * picture.MOST : number * picture.MOST]
    drawing = _Drawing(workspace, grid, data, shown)
    count = text.counted(len(found), "picture")
    return _whole(f"{_of(number, pages)}, {count}", drawing.legend(), drawing.cards(shown))


def _of(number: int, pages: int) -> str:
    return f"Page {number} of {pages}"


def _whole(named: str, legend: str, body: str) -> str:
    return f'<p class="t2p-facts">{escape(named)}</p>{legend}<div class="t2p-wide">{body}</div>'


class _Drawing:
    """Draws the cells of one page."""

    def __init__(
        self,
        workspace: Workspace,
        grid: GridFolder,
        data: scores.GridData,
        shown: Sequence[cells_room.Cell],
    ) -> None:
        self.grid, self.data = grid, data
        self.heat = picture.Heat(data.scores) if data.scores else None

        def small(cell: cells_room.Cell) -> Path | None:
            return thumbnail(workspace, cells_room.cell_path(grid, cell))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            self.small = dict(zip([c.id for c in shown], pool.map(small, shown), strict=True))

    def legend(self) -> str:
        """What the colours mean."""
        if self.heat is None:
            return ""
        heat = self.heat
        marks = (heat.near, (heat.near + heat.same) / 2, 2 * heat.same, None)
        parts = []
        for distance, words in zip(marks, heat.words, strict=True):
            ground = heat.ground(distance)
            parts.append(f'<span style="{ground}">{escape(words)}</span>')
        return f'<p class="t2p-heat">{" ".join(parts)}</p>'

    def table(self, page: picture.CellPage) -> str:
        """A table of the axes."""
        corner = '<th scope="col"></th>'
        heads = "".join(f'<th scope="col">{escape(words)}</th>' for words in page.heads)
        rows = "".join(
            f'<tr><th scope="row">{escape(row.label)}</th>'
            + "".join(f"<td>{self._cell(cell)}</td>" for cell in row.cells)
            + "</tr>"
            for row in page.rows
        )
        return f'<table class="t2p-cells"><tr>{corner}{heads}</tr>{rows}</table>'

    def cards(self, cells: Sequence[cells_room.Cell]) -> str:
        """Pictures one after the other, each with its name."""
        found = "".join(
            f'<div class="t2p-cell">{self._cell(cell)}<small>{escape(self._short(cell))}</small>'
            "</div>"
            for cell in cells
        )
        return f'<div class="t2p-cell-list">{found}</div>'

    def _short(self, cell: cells_room.Cell) -> str:
        title = self.data.plan.title_of(cell.model) if cell.model else "no LoRA"
        weight = f" {cell.weight:g}" if cell.model else ""
        point = f", {cell.point}" if cell.point else ""
        return f"{title}{weight}{point}, prompt {cell.prompt + 1}, seed {cell.seed}"

    def _cell(self, cell: cells_room.Cell | None) -> str:
        if cell is None:
            return ""
        caption = cells_room.caption_of(cell)
        small = self.small.get(cell.id)
        if small is None:
            return f'<span title="{escape(caption)}">not painted yet</span>'
        score, told = self._score(cell)
        named = escape(f"{caption}{told}")
        is_base = bool(cell.model) and cell.model == self.data.plan.base
        return (
            f'<button type="button" class="t2p-act" data-t2p-channel="{CHANNEL}" '
            f'data-t2p-act="{escape(self.grid.id)} {escape(cell.id)}" title="{named}" '
            f'aria-label="{named}" style="padding:0;{BASE_FRAME if is_base else ""}">'
            f'<img loading="lazy" width="112" height="112" src="{g.file_url(small)}" alt="">'
            f"</button>{score}"
        )

    def _score(self, cell: cells_room.Cell) -> tuple[str, str]:
        """The coloured number below a picture, and the same for its title."""
        score = self.data.by_id.get(cell.id)
        if score is None or self.heat is None:
            return "", ""
        words = self.heat.word(score)
        number = "no face" if score.distance is None else f"{score.distance:.3f}"
        told = words if score.distance is None else f"{number}, {words}"
        return f'<b class="t2p-score" style="{self.heat.style(score)}">{number}</b>', f": {told}"


def cell_detail(context: TabContext) -> Callable[..., tuple[Any, ...]]:
    """What the channel of the cells does."""

    def show(act: str, name: str | None) -> tuple[Any, ...]:
        folder, _ = context.open_person(name)
        # The name of a grid may hold spaces, that of a cell has none.
        grid_id, _, cell_id = act.rpartition(" ")
        grid = folder.grid(grid_id)
        cell, score = _found(grid, cell_id)
        path = cells.cell_path(grid, cell) if cell else None
        if cell is None or path is None or not path.exists():
            raise InputError("This picture is not painted yet: wait for it.")
        infotext = painting.read_text(path.read_bytes(), painting.KEYWORD) or cell.request.prompt
        buttons = "".join(
            send_button(context.host, to, infotext, f"Send to {to}") for to in TARGETS
        )
        caption = escape(cells.caption_of(cell))
        return (
            f'<figure class="t2p-detail" id="t2p_grid_cell"><img src="{g.file_url(path)}" '
            f'alt="{caption}"><figcaption>{caption}</figcaption></figure>{score}'
            f'<pre id="t2p_grid_infotext" style="white-space:pre-wrap">{escape(infotext)}</pre>'
            f"{buttons}",
        )

    return show


def _found(grid: GridFolder, cell_id: str) -> tuple[cells.Cell | None, str]:
    if not grid.requests.exists():
        return None, ""
    data = scores_room.grid_data(grid)
    cell = next((cell for cell in data.cells if cell.id == cell_id), None)
    score = data.by_id.get(cell_id)
    return cell, _numbers(score, data.scores) if score and data.scores else ""


def _numbers(score: verdict.CellScore, scores: verdict.Scores) -> str:
    heat = picture.Heat(scores)
    told = [heat.word(score)]
    for words, value in (
        ("distance", score.distance),
        ("nearest training photo", score.nearest_training),
        ("likeness with a training photo", score.copied),
        ("sharpness", score.sharpness),
        ("burnt colours", score.burnt),
        ("obedience", score.obedience),
    ):
        if value is not None:
            told.append(f"{words} {value:.3g}")
    return f'<p class="t2p-facts" id="t2p_grid_numbers">{escape(", ".join(told))}</p>'
