"""The cells of a grid as a table of small pictures; a click shows one in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from typing import Any

from lib_t2p.errors import InputError, T2PError
from lib_t2p.generation.cell_files import cell_path
from lib_t2p.generation.cells import Cell, read_cells
from lib_t2p.generation.painting_cells import caption_of
from lib_t2p.generation.picture_groups import groups_of, references_of
from lib_t2p.generation.picture_layout import axis_label, row_labels
from lib_t2p.generation.plan import GridPlan, read_plan
from lib_t2p.generation.scores import read_scores
from lib_t2p.painting.infotext import KEYWORD
from lib_t2p.painting.png import read_text
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.host import Host, SendingHost
from lib_t2p.ui.markup import message
from lib_t2p.ui.thumbs import thumbnail
from lib_t2p.workspace import GridFolder, Workspace

CHANNEL = "grid_cell"
MOST = 300
"""Pictures of one page; a larger table is cut after so many."""
TARGETS = ("txt2img", "img2img")


def cells_table(workspace: Workspace, grid: GridFolder, page: int) -> str:
    """One page: a table of the axes for one prompt and seed.

    Args:
        workspace: its cache keeps the small pictures.
        grid: planned; what is not painted yet is an empty place.
        page: counted from 1; one beyond the last shows the last.
    """
    try:
        plan, cells = read_plan(grid), read_cells(grid)
        distances = _distances(grid)
    except T2PError as error:
        return message(str(error), "bad")
    pages = pages_of(plan, cells)
    number = min(max(page, 1), len(pages))
    shown = pages[number - 1]
    first = shown[0]
    named = f"Page {number} of {len(pages)}"
    if not plan.axis("prompt"):
        named += f", prompt {first.prompt + 1}: {plan.prompts[first.prompt]}"
    if not plan.axis("seed"):
        named += f", seed {first.seed}"
    body = _Table(workspace, grid, plan, distances).rows(shown)
    return f'<p class="t2p-facts">{escape(named)}</p><div class="t2p-wide">{body}</div>'


def pages_of(plan: GridPlan, cells: Sequence[Cell]) -> list[list[Cell]]:
    """The cells by prompt and seed, but for those of the two that an axis shows."""
    prompts, seeds = plan.axis("prompt") is None, plan.axis("seed") is None

    def key(cell: Cell) -> tuple[int, int]:
        return cell.prompt if prompts else 0, plan.seeds.index(cell.seed) if seeds else 0

    return [list(page) for _, page in groupby(sorted(cells, key=key), key)]


def cell_detail(context: TabContext) -> Callable[..., tuple[Any, ...]]:
    """What a click on a cell does: the full picture, its infotext, where it can be sent."""

    def show(act: str, name: str | None) -> tuple[Any, ...]:
        folder, _ = context.open_person(name)
        grid_id, _, cell_id = act.partition(" ")
        grid = folder.grid(grid_id)
        known = read_cells(grid) if grid.requests.exists() else []
        cell = next((cell for cell in known if cell.id == cell_id), None)
        path = cell_path(grid, cell) if cell else None
        if cell is None or path is None or not path.exists():
            raise InputError("This picture is not painted yet: wait for it.")
        infotext = read_text(path.read_bytes(), KEYWORD) or cell.request.prompt
        buttons = "".join(_send_button(context.host, to, infotext) for to in TARGETS)
        return (
            f'<figure class="t2p-detail" id="t2p_grid_cell"><img src="{g.file_url(path)}" '
            f'alt="{escape(caption_of(cell))}"><figcaption>{escape(caption_of(cell))}'
            f'</figcaption></figure><pre id="t2p_grid_infotext" style="white-space:pre-wrap">'
            f"{escape(infotext)}</pre>{buttons}",
        )

    return show


class _Table:
    """Draws one page."""

    def __init__(
        self,
        workspace: Workspace,
        grid: GridFolder,
        plan: GridPlan,
        distances: dict[str, float | None],
    ) -> None:
        self.workspace, self.grid, self.plan = workspace, grid, plan
        self.distances = distances

    def rows(self, cells: list[Cell]) -> str:
        """The table as HTML."""
        plan = self.plan
        places = {(group.x, group.y): group.cells[0] for group in groups_of(cells, None)}
        places |= {(-1, r.y): r.cells[0] for r in references_of(plan, cells, None) if r.cells}
        heads = ["", "no LoRA", *(axis_label(plan, plan.x, value) for value in plan.x.values)]
        head = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
        columns = range(-1, len(plan.x.values))
        body = []
        labels = row_labels(plan)
        for y, label in enumerate(labels[: max(1, MOST // len(columns))]):
            row = "".join(f"<td>{self._cell(places.get((x, y)))}</td>" for x in columns)
            body.append(f'<tr><th scope="row">{escape(label)}</th>{row}</tr>')
        cut = "" if len(body) == len(labels) else f"<p>Only the first {len(body)} rows.</p>"
        return f'<table class="t2p-cells"><tr>{head}</tr>{"".join(body)}</table>{cut}'

    def _cell(self, cell: Cell | None) -> str:
        if cell is None:
            return ""
        caption = escape(caption_of(cell))
        small = thumbnail(self.workspace, cell_path(self.grid, cell))
        if small is None:
            return f'<span title="{caption}">not painted yet</span>'
        distance = self.distances.get(cell.id, -1.0)
        score = "no face" if distance is None else f"{distance:.3f}" if distance >= 0 else ""
        red = "outline:3px solid #d22;" if cell.model and cell.model == self.plan.base else ""
        return (
            f'<button type="button" class="t2p-act" data-t2p-channel="{CHANNEL}" '
            f'data-t2p-act="{escape(self.grid.id)} {escape(cell.id)}" title="{caption}" '
            f'aria-label="{caption}" style="padding:0;{red}"><img loading="lazy" width="112" '
            f'src="{g.file_url(small)}" alt=""></button><br><small>{score}</small>'
        )


def _distances(grid: GridFolder) -> dict[str, float | None]:
    if not grid.scores.exists():
        return {}
    return {score.id: score.distance for score in read_scores(grid).cells}


def _send_button(host: Host, target: str, infotext: str) -> str:
    there = isinstance(host, SendingHost) and target in host.send_to()
    why = "" if there else f"Only inside the WebUI: {host.name} has no {target} tab."
    told = f' disabled title="{escape(why)}"' if why else ""
    return (
        f'<button type="button" class="t2p-act" data-t2p-send="{target}"{told} '
        f'data-t2p-infotext="{escape(infotext)}">Send to {target}</button> '
    )
