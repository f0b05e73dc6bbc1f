"""The part of a page that shows the ready prompts: a row each, a column for each saved model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lib_t2p.grids import MOST_MODELS, GridPlan, read_plan, sets_in
from lib_t2p.grids.cells import Cell, cell_path, read_cells
from lib_t2p.reports.grid.inlined import inlined
from lib_t2p.reports.pages.rendering import render
from lib_t2p.scores.verdict import Candidate, CellScore, read_scores
from lib_t2p.workspace import GridFolder

SIDE = 320
"""Pixels of a picture's longer side: sharp on paper, and 35 of them stay below 2 MB."""
_HERE = Path(__file__).parent
_QUALITY = 84


@dataclass(frozen=True)
class _Shown:
    address: str
    words: str


@dataclass(frozen=True)
class _Row:
    prompt: str
    pictures: list[_Shown]


def prompt_sets_part(grid: GridFolder) -> Markup:
    """Simple, complex and random prompts of a grid; to be styled by `STYLE`.

    Returns:
        Nothing when the grid has no ready set of prompts.

    Raises:
        InputError, FaultsError, WorkspaceError: a file of the grid is missing or damaged.
    """
    plan = read_plan(grid)
    found = sets_in(plan)
    if not found:
        return Markup()
    columns = _columns(plan)
    cells = _first_cells(read_cells(grid))
    scores = {s.id: s for s in read_scores(grid).cells} if grid.scores.exists() else {}
    sets = [
        (one.title, [_row(grid, cells, scores, columns, prompt) for prompt in one.prompts])
        for one in found
    ]
    names = [_name(plan, column) for column in columns]
    return render(_HERE / "prompt_sets.html", names=names, sets=sets, seed=plan.seeds[0])


def _columns(plan: GridPlan) -> list[Candidate]:
    """Without LoRA, then each saved model at the weight that is nearest to the plan's own."""
    weight = min(plan.weights, key=lambda one: (abs(one - plan.lora_weight), one))
    return [Candidate("", 0.0), *(Candidate(stem, weight) for stem in plan.stems[:MOST_MODELS])]


def _name(plan: GridPlan, column: Candidate) -> str:
    if not column.model:
        return "Without LoRA"
    return f"{plan.title_of(column.model)}, weight {column.weight:g}"


def _first_cells(cells: Sequence[Cell]) -> Mapping[tuple[Candidate, int], Cell]:
    """The first seed's cell of each candidate and prompt, at the first way of painting."""
    first: dict[tuple[Candidate, int], Cell] = {}
    for cell in cells:
        if cell.point == cells[0].point:
            first.setdefault((Candidate(cell.model, cell.weight), cell.prompt), cell)
    return first


def _row(
    grid: GridFolder,
    cells: Mapping[tuple[Candidate, int], Cell],
    scores: Mapping[str, CellScore],
    columns: Sequence[Candidate],
    prompt: int,
) -> _Row:
    shown = [_shown(grid, cells.get((column, prompt)), scores) for column in columns]
    return _Row(cells[columns[0], prompt].request.prompt, shown)


def _shown(grid: GridFolder, cell: Cell | None, scores: Mapping[str, CellScore]) -> _Shown:
    if cell is None or not cell_path(grid, cell).is_file():
        return _Shown("", "not painted")
    address = inlined(cell_path(grid, cell), max_side=SIDE, quality=_QUALITY)
    score = scores.get(cell.id)
    if score is None:
        return _Shown(address, "")
    return _Shown(address, "no face" if score.distance is None else f"{score.distance:.2f}")
