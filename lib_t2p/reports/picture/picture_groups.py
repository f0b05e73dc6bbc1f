"""Which cells stand together in a drawn grid, and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.grids import GridPlan
from lib_t2p.grids.cells import Cell
from lib_t2p.scores.verdict import Candidate, Scores, Summary, summary_of


@dataclass(frozen=True)
class Group:
    """Pictures that share a place.

    Attributes:
        x: column of the axis; -1 for pictures without LoRA.
        y: row.
        candidate: whose pictures; the empty stem for no LoRA.
        cells: those that are drawn, of one prompt.
        summary: numbers over all prompts and seeds of the place; None before scoring.
    """

    x: int
    y: int
    candidate: Candidate
    cells: tuple[Cell, ...]
    summary: Summary | None


def groups_of(cells: Sequence[Cell], scores: Scores | None) -> list[Group]:
    """Gather the pictures with LoRA by their place, row by row."""
    places: dict[tuple[int, int], list[Cell]] = {}
    for cell in cells:
        if cell.model:
            places.setdefault((cell.y, cell.x), []).append(cell)
    return [_group(x, y, members, scores) for (y, x), members in sorted(places.items())]


def references_of(plan: GridPlan, cells: Sequence[Cell], scores: Scores | None) -> list[Group]:
    """Gather the pictures without LoRA: one group for each row that is painted in its own way.

    A row's are those painted as its first column is. Where all rows share them there is one group,
    which stands in the first row.
    """
    first: dict[int, Cell] = {}
    for cell in sorted((c for c in cells if c.model), key=lambda c: (c.y, c.x)):
        first.setdefault(cell.y, cell)
    groups: list[Group] = []
    above: list[Cell] = []
    for y, cell in first.items():
        alike = _like(plan, cell, [c for c in cells if not c.model])
        if alike != above:
            groups.append(_group(-1, y, alike, scores))
        above = alike
    return groups


def _like(plan: GridPlan, cell: Cell, references: Sequence[Cell]) -> list[Cell]:
    """The references beside a cell: painted alike, and of its prompt or seed where rows are."""
    rows = {axis.kind for axis in plan.axes[1:]}
    return [
        c
        for c in references
        if c.point == cell.point
        and ("prompt" not in rows or c.prompt == cell.prompt)
        and ("seed" not in rows or c.seed == cell.seed)
    ]


def _group(x: int, y: int, members: list[Cell], scores: Scores | None) -> Group:
    candidate = Candidate(members[0].model, members[0].weight)
    summary = summary_of(scores, candidate, {cell.id for cell in members}) if scores else None
    prompt = members[0].prompt
    return Group(x, y, candidate, tuple(c for c in members if c.prompt == prompt), summary)
