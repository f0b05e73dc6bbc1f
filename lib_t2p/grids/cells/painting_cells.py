"""Painting a grid cell by cell, resumable at every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.errors import FaultsError
from lib_t2p.grids.cell_pace import work_of
from lib_t2p.grids.cells.cell_files import cell_path, fingerprint, read_mark, write_cell
from lib_t2p.grids.cells.cells import Cell, read_cells
from lib_t2p.jobs.events import Reporter
from lib_t2p.painting import Painter
from lib_t2p.workspace import GridFolder


@dataclass(frozen=True)
class Painted:
    """What came of painting a grid.

    Attributes:
        painted: cells painted now.
        resumed: cells that were whole on disk already.
        painter: who painted all of them.
        checkpoint_loads: times that a checkpoint was loaded, if the painter had none before.
        lora_loads: times that other LoRAs were put into it, or the same into another one.
        work: megapixel steps of the cells painted now.
        seconds: that they took.
    """

    painted: int
    resumed: int
    painter: str
    checkpoint_loads: int = 0
    lora_loads: int = 0
    work: float = 0.0
    seconds: float = 0.0


def paint_cells(grid: GridFolder, painter: Painter, reporter: Reporter) -> Painted:
    """Paint all cells of `cells.json` that are not on disk yet.

    A cell is kept only when its file is whole, was painted from the same request and by the same
    painter: samplers and random numbers differ between painters, so their pictures are never
    mixed. Another painter draws all cells anew.

    Raises:
        FaultsError: all that cannot be painted, such as a missing LoRA, before the first picture.
        StopRequested: the person asked to stop; painted cells stay.
        PaintingError, LoraError, CheckpointError: from the painter.
        WorkspaceError: there is no `cells.json`, or the disk is full.
    """
    cells = read_cells(grid)
    todo = [cell for cell in cells if not _is_painted(grid, cell, painter.name)]
    faults = painter.faults([cell.request for cell in todo]) if todo else []
    if faults:
        raise FaultsError("This grid cannot be painted", faults)
    _tell_of_others(grid, todo, painter.name, reporter)
    reporter.phase("painting")
    resumed, seconds = len(cells) - len(todo), 0.0
    for done, cell in enumerate(todo, resumed):
        reporter.check_stop()
        reporter.progress(done, len(cells), "cell")
        path = cell_path(grid, cell)
        painted = painter.paint(cell.request)
        seconds += painted.seconds
        write_cell(path, cell.request, painted, painter.name)
        reporter.image(str(path), caption_of(cell))
    reporter.progress(len(cells), len(cells), "cell")
    work = sum(work_of(cell.request) for cell in todo)
    return Painted(len(todo), resumed, painter.name, *loads_of(todo), work, round(seconds, 3))


def loads_of(cells: Sequence[Cell]) -> tuple[int, int]:
    """Checkpoint loads and LoRA loads that painting these cells in this order takes."""
    steps = [(cell.request.checkpoint, cell.request.vae, cell.model) for cell in cells]
    changes = [step for before, step in zip([None, *steps], steps, strict=False) if step != before]
    bases = [base for base, _, _ in changes]
    checkpoints = [b for before, b in zip([None, *bases], bases, strict=False) if b != before]
    return len(checkpoints), sum(bool(model) for _, _, model in changes)


def painters_of(grid: GridFolder, cells: Sequence[Cell]) -> list[str]:
    """Who painted the whole cells on disk, each once; more than one means a grid half redrawn."""
    marks = (read_mark(cell_path(grid, cell)) for cell in cells)
    return sorted({mark.painter for mark in marks if mark})


def caption_of(cell: Cell) -> str:
    """What people read below a cell."""
    model = f"{cell.model} at weight {cell.weight:g}" if cell.model else "no LoRA"
    point = f", {cell.point}" if cell.point else ""
    return f"{model}{point}, prompt {cell.prompt + 1}, seed {cell.seed}"


def _is_painted(grid: GridFolder, cell: Cell, painter: str) -> bool:
    mark = read_mark(cell_path(grid, cell))
    return (
        mark is not None
        and mark.painter == painter
        and mark.fingerprint == fingerprint(cell.request)
    )


def _tell_of_others(
    grid: GridFolder, todo: Sequence[Cell], painter: str, reporter: Reporter
) -> None:
    others = [name for name in painters_of(grid, todo) if name != painter]
    if others:
        reporter.warning(
            f"Cells painted by {', '.join(others)} are drawn again by {painter}: "
            "pictures of two painters cannot be compared."
        )
