"""The drawn grid: `grid.webp` with legend, labels, scores and the best one framed."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from lib_t2p.files import write_bytes
from lib_t2p.grids import read_plan, shown_plan
from lib_t2p.grids.cells import read_cells
from lib_t2p.reports.picture.picture_drawing import Drawing
from lib_t2p.reports.picture.picture_groups import groups_of, references_of
from lib_t2p.reports.picture.picture_layout import MAX_SIDE, layout_for
from lib_t2p.scores import final_verdict, held_out_photos
from lib_t2p.scores.verdict import read_scores
from lib_t2p.workspace import GridFolder, PersonFolder, load_person

QUALITY = 90


def draw_grid(grid: GridFolder, person: PersonFolder | None = None) -> Path:
    """Draw `grid.webp` and `grid.png`: the first prompt, up to four seeds per group, no EXIF.

    Scores and frames appear when the grid is scored; they are over all prompts and seeds.

    Args:
        grid: planned and painted; missing pictures stay grey.
        person: shows held-out photos in the first column when given.

    Raises:
        InputError, FaultsError, WorkspaceError: plan, cells or scores are missing or damaged.
    """
    plan = shown_plan(read_plan(grid), grid)
    scores = read_scores(grid) if grid.scores.exists() else None
    cells = read_cells(grid)
    photos = held_out_photos(person.dataset(plan.dataset)) if person else []
    drawing = Drawing(
        grid=grid,
        plan=plan,
        name=load_person(person).name if person else plan.person,
        references=references_of(plan, cells, scores),
        groups=groups_of(cells, scores),
        verdict=final_verdict(grid, person) if scores and person else None,
        painter=scores.painter if scores else "",
        layout=layout_for(plan, extras=2 if photos else 1),
    )
    canvas = _limited(drawing.finish(photos))
    out = io.BytesIO()
    canvas.save(out, "WEBP", quality=QUALITY, method=4)
    write_bytes(grid.picture, out.getvalue())
    out = io.BytesIO()
    canvas.save(out, "PNG", compress_level=3)
    write_bytes(grid.lossless, out.getvalue())
    return grid.picture


def _limited(picture: Image.Image) -> Image.Image:
    longest = max(picture.size)
    if longest <= MAX_SIDE:
        return picture
    scale = MAX_SIDE / longest
    size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)
