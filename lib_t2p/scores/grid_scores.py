"""A grid's files read together, and read again only when one of them has changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lib_t2p.grids import GridPlan, read_plan
from lib_t2p.grids.cells import Cell, read_cells
from lib_t2p.scores.verdict.scores import CellScore, Scores, read_scores
from lib_t2p.workspace import GridFolder

KEPT = 4
"""Grids held in memory; one of 5,000 cells takes about 20 MB."""


@dataclass(frozen=True)
class GridData:
    """What a grid is made of.

    Attributes:
        plan: as written.
        cells: in painting order.
        scores: None before scoring.
        by_id: score of each scored cell.
    """

    plan: GridPlan
    cells: tuple[Cell, ...]
    scores: Scores | None
    by_id: dict[str, CellScore]


def grid_data(grid: GridFolder) -> GridData:
    """Read plan, cells and scores.

    Raises:
        InputError, FaultsError, WorkspaceError: a file is missing, damaged or of a newer version.
    """
    return _read(grid, *(_state(path) for path in (grid.plan, grid.requests, grid.scores)))


def _state(path: Path) -> tuple[int, int]:
    if not path.exists():
        return 0, 0
    state = path.stat()
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=KEPT)
def _read(grid: GridFolder, *_: tuple[int, int]) -> GridData:
    scores = read_scores(grid) if grid.scores.exists() else None
    by_id = {score.id: score for score in scores.cells} if scores else {}
    return GridData(read_plan(grid), tuple(read_cells(grid)), scores, by_id)
