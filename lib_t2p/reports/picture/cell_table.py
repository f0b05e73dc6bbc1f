"""The cells of a grid as pages of tables: one prompt and seed each, rows and columns the axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lib_t2p.grids import GridPlan
from lib_t2p.grids.axes import PLACING_KINDS, POINT_KINDS
from lib_t2p.grids.cells import Cell
from lib_t2p.reports.picture.picture_groups import groups_of, references_of
from lib_t2p.reports.picture.picture_layout import axis_label, row_labels

PLAIN = "no LoRA"
MOST = 150
"""Pictures of one page; a larger table goes on on the next one."""


@dataclass(frozen=True)
class TableRow:
    """One row: its label, and a cell for each column; None where nothing is painted."""

    label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class CellPage:
    """A part of the table.

    Attributes:
        title: prompt and seed, as far as no axis shows them; may be empty.
        heads: what stands above the columns.
        rows: at least one.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]

    @property
    def cells(self) -> list[Cell]:
        """All cells, row by row."""
        return [cell for row in self.rows for cell in row.cells if cell]


def pages_of(plan: GridPlan, cells: Sequence[Cell], most: int = MOST) -> list[CellPage]:
    """The cells by prompt and seed, but for those of the two that an axis shows.

    Pictures without LoRA stand in a column where the columns are saved models or weights, else in
    rows above those that they are compared with, since each column is painted in its own way.
    """
    pages = []
    for members in _by_prompt_and_seed(plan, cells):
        heads, rows = _table(plan, members)
        size = max(1, most // len(heads))
        title = _title(plan, members[0])
        for start in range(0, len(rows), size):
            pages.append(CellPage(title, heads, tuple(rows[start : start + size])))
    return pages


def _by_prompt_and_seed(plan: GridPlan, cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    prompts, seeds = plan.axis("prompt") is None, plan.axis("seed") is None
    order = {seed: n for n, seed in enumerate(plan.seeds)}

    def key(cell: Cell) -> tuple[int, int]:
        return cell.prompt if prompts else 0, order[cell.seed] if seeds else 0

    for _, page in groupby(sorted(cells, key=key), key):
        yield list(page)


def _title(plan: GridPlan, first: Cell) -> str:
    parts = []
    if not plan.axis("prompt"):
        parts.append(f"prompt {first.prompt + 1}: {plan.prompts[first.prompt]}")
    if not plan.axis("seed"):
        parts.append(f"seed {first.seed}")
    return ", ".join(parts)


def _table(plan: GridPlan, cells: Sequence[Cell]) -> tuple[tuple[str, ...], list[TableRow]]:
    heads = tuple(axis_label(plan, plan.x, value) for value in plan.x.values)
    places = {(group.x, group.y): group.cells[0] for group in groups_of(cells, None)}
    labels = row_labels(plan)
    columns = range(len(heads))
    rows = [[places.get((x, y)) for x in columns] for y in range(len(labels))]
    if plan.x.kind in (*POINT_KINDS, *PLACING_KINDS):
        return heads, list(_with_plain_rows(plan, labels, rows, cells))
    plain = {group.y: group.cells[0] for group in references_of(plan, cells, None) if group.cells}
    beside = [
        TableRow(label, (plain.get(y), *row))
        for y, (label, row) in enumerate(zip(labels, rows, strict=True))
    ]
    return (PLAIN, *heads), beside


def _with_plain_rows(
    plan: GridPlan, labels: Sequence[str], rows: Sequence[list[Cell | None]], cells: Sequence[Cell]
) -> Iterator[TableRow]:
    """Each row after the pictures without LoRA that it is compared with, unless those came last."""
    kinds = {axis.kind for axis in plan.axes}

    def mark(cell: Cell) -> tuple[str, int, int]:
        prompt = cell.prompt if "prompt" in kinds else -1
        return cell.point, prompt, cell.seed if "seed" in kinds else -1

    plain = {mark(cell): cell for cell in reversed(cells) if not cell.model}
    above: tuple[Cell | None, ...] = ()
    for label, row in zip(labels, rows, strict=True):
        beside = tuple(plain.get(mark(cell)) if cell else None for cell in row)
        if beside != above and any(beside):
            yield TableRow(PLAIN, beside)
        above = beside
        yield TableRow(label, tuple(row))
