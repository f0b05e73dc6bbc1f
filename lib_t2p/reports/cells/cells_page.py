"""`cells.html`: all cells of a grid as one page that opens on any machine, without a network."""

from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from lib_t2p.files import write_text
from lib_t2p.grids import shown_plan
from lib_t2p.grids.cells import Cell, caption_of, cell_path
from lib_t2p.pictures import open_picture
from lib_t2p.reports.pages.rendering import render, whole_page
from lib_t2p.reports.picture.cell_table import pages_of
from lib_t2p.reports.picture.heat import Heat
from lib_t2p.scores import GridData, grid_data
from lib_t2p.workspace import GridFolder, PersonFolder, load_person

_HERE = Path(__file__).parent
SIDES = (256, 192, 128, 96, 64)
"""Pixels of a picture's longer side; the largest that keeps the page below `MOST_BYTES`."""
BYTES_PER_PIXEL = 0.14
"""Of WebP at quality 80, base64 included: measured on faces of the tiny base and the portrait."""
MOST_BYTES = 22_000_000
AT_ONCE = 2


@dataclass(frozen=True)
class Shown:
    """One picture as the template takes it; `picture` is a `data:` address, empty without one."""

    caption: str
    picture: str
    number: str
    style: str
    is_base: bool


def write_cells_page(grid: GridFolder, person: PersonFolder) -> Path:
    """Write `cells.html`, its pictures inlined as WebP without metadata.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    data = grid_data(grid)
    data = replace(data, plan=shown_plan(data.plan, grid))
    side = side_for(len(data.cells))

    def small(cell: Cell) -> str:
        return _inlined(cell_path(grid, cell), side)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        pictures = dict(zip([c.id for c in data.cells], pool.map(small, data.cells), strict=True))
    body = _body(data, pictures, load_person(person).name, grid.id, side)
    write_text(grid.cells_page, whole_page(f"{grid.id}: pictures", body, [_HERE / "page.css"]))
    return grid.cells_page


def side_for(count: int) -> int:
    """Pixels of a picture's side for so many of them."""
    fits = (s for s in SIDES if count * s * s * BYTES_PER_PIXEL <= MOST_BYTES)
    return next(fits, SIDES[-1])


def _body(data: GridData, pictures: dict[str, str], name: str, grid: str, side: int) -> Markup:
    heat = Heat(data.scores) if data.scores else None

    def shown(cell: Cell | None) -> Shown | None:
        if cell is None:
            return None
        score = data.by_id.get(cell.id)
        words, style, number = "", "", ""
        if score and heat:
            words, style = f": {heat.word(score)}", heat.style(score)
            number = "no face" if score.distance is None else f"{score.distance:.3f}"
        is_base = bool(cell.model) and cell.model == data.plan.base
        return Shown(caption_of(cell) + words, pictures[cell.id], number, style, is_base)

    pages = [
        {
            "title": page.title,
            "heads": page.heads,
            "rows": [(row.label, [shown(cell) for cell in row.cells]) for row in page.rows],
        }
        for page in pages_of(data.plan, data.cells, most=max(1, len(data.cells)))
    ]
    marks = (heat.near, (heat.near + heat.same) / 2, 2 * heat.same, None) if heat else ()
    legend = [(heat.ground(m), w) for m, w in zip(marks, heat.words, strict=True)] if heat else []
    return render(_HERE / "page.html", name=name, grid=grid, pages=pages, legend=legend, side=side)


def _inlined(path: Path, side: int) -> str:
    """A `data:` address; empty when the picture is not painted or cannot be read."""
    try:
        with open_picture(path) as opened:
            picture = opened.convert("RGB")
    except (OSError, SyntaxError):
        return ""
    picture.thumbnail((side, side))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=2)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode("ascii")
