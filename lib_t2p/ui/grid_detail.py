"""A click on a cell: the full picture, its numbers and infotext, and where it can be sent."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from lib_t2p import painting
from lib_t2p import scores as scores_room
from lib_t2p.errors import InputError
from lib_t2p.grids import cells
from lib_t2p.reports import picture
from lib_t2p.scores import verdict
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import TARGETS, send_button
from lib_t2p.workspace import GridFolder


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
