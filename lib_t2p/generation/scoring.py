"""Measuring a grid's pictures against real photos of the person."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lib_t2p.errors import InputError, NewerSchemaError, WorkspaceError
from lib_t2p.generation.cell_files import cell_path
from lib_t2p.generation.cells import Cell, read_cells
from lib_t2p.generation.measuring import Measured, Measuring, one_by_one
from lib_t2p.generation.painting_cells import caption_of, painters_of
from lib_t2p.generation.plan import read_plan
from lib_t2p.generation.real_photos import (
    References,
    distances,
    load_references,
    reference_print,
)
from lib_t2p.generation.repeats import unlooked, with_repeats
from lib_t2p.generation.scores import CellScore, Scores, read_scores, write_scores
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.workspace import GridFolder, PersonFolder

if TYPE_CHECKING:
    from lib_t2p.vision.tools import VisionTools

KEEP_EVERY = 16
"""Cells between two writes of `scores.json`."""


def score_grid(
    grid: GridFolder,
    person: PersonFolder,
    tools: VisionTools,
    reporter: Reporter,
    measuring: Measuring | None = None,
) -> Scores:
    """Score all cells and write `scores.json`; what is scored already is not measured again.

    The likeness of a cell is the mean distance of its largest face to the held-out photos. With
    2 to 4 of them a median would be the same or throw photos away. A cell without a face has no
    distance; how often that happens is a number of its own in the verdict.

    Args:
        grid: its pictures.
        person: whose photos they are compared with.
        tools: who looks.
        reporter: told of progress.
        measuring: by the same tools, in several processes for instance; in this one when None.

    Raises:
        InputError: cells are missing or of two painters; or no held-out photo shows a face.
        WorkspaceError: the grid or the dataset is missing or damaged.
        StopRequested: the person asked to stop; scores so far are kept.
    """
    dataset = person.dataset(read_plan(grid).dataset)
    cells = read_cells(grid)
    painter = _only_painter(grid, cells)
    prints = {cell.id: _file_print(cell_path(grid, cell)) for cell in cells}
    reference = reference_print(dataset, tools)
    old = _previous(grid, painter, reference, reporter)
    wanted = set(prints.items())
    kept = {s.id: s for s in old.cells if (s.id, s.picture) in wanted} if old else {}
    todo = [cell for cell in cells if cell.id not in kept]
    if old and not todo and not unlooked(kept):
        return _write(grid, old, cells, kept)
    references = load_references(dataset, tools, reporter)
    scores = Scores(
        painter=painter,
        detector=tools.detector.name,
        embedder=tools.embedder.name,
        same_person=tools.embedder.same_person,
        reference=reference,
        real=references.spread,
        cells=(),
        obedience_by=old.obedience_by if old else "",
        notes=references.notes,
    )
    for note in references.notes:
        reporter.warning(note)
    reporter.phase("scores")
    shapes = {}
    measured = (measuring or one_by_one(tools))([cell_path(grid, cell) for cell in todo])
    try:
        for done, cell in enumerate(todo, len(kept)):
            reporter.check_stop()
            reporter.progress(done, len(cells), "cell")
            seen = next(measured)
            shapes[cell.id] = seen.shape
            kept[cell.id] = _score(cell, prints[cell.id], seen, references)
            if done % KEEP_EVERY == KEEP_EVERY - 1:
                _write(grid, scores, cells, kept)
        kept = with_repeats(grid, cells, kept, references.shapes, shapes)
    finally:
        measured.close()
        scores = _write(grid, scores, cells, kept)
    reporter.progress(len(cells), len(cells), "cell")
    return scores


def _previous(grid: GridFolder, painter: str, reference: str, reporter: Reporter) -> Scores | None:
    if not grid.scores.exists():
        return None
    try:
        old = read_scores(grid)
    except NewerSchemaError:
        raise
    except WorkspaceError as error:
        reporter.warning(f"{error} It is measured anew.")
        return None
    return old if (old.reference, old.painter) == (reference, painter) else None


def _write(
    grid: GridFolder, scores: Scores, cells: Sequence[Cell], kept: dict[str, CellScore]
) -> Scores:
    """Write what is scored so far, in painting order."""
    ordered = replace(scores, cells=tuple(kept[c.id] for c in cells if c.id in kept))
    write_scores(grid, ordered)
    return ordered


def _score(cell: Cell, picture_print: str, seen: Measured, references: References) -> CellScore:
    blank = CellScore(
        cell.id, cell.model, cell.weight, cell.prompt, cell.seed, seen.faces,
        None, None, None, None, picture_print, cell.point, burnt=round(seen.burnt, 5),
    )  # fmt: skip
    if seen.embedding is None:
        return blank
    held_out = distances(seen.embedding, references.held_out)
    near = distances(seen.embedding, references.training) if len(references.training) else None
    return replace(
        blank,
        distances=tuple(round(float(d), 5) for d in held_out),
        distance=round(float(held_out.mean()), 5),
        nearest_training=None if near is None else round(float(near.min()), 5),
        sharpness=None if seen.sharpness is None else round(seen.sharpness, 5),
    )


def _only_painter(grid: GridFolder, cells: Sequence[Cell]) -> str:
    missing = [cell for cell in cells if not cell_path(grid, cell).exists()]
    if missing or not cells:
        first = f" (the first: {caption_of(missing[0])})" if missing else ""
        raise InputError(
            f"{len(missing)} of {len(cells)} pictures of grid {grid.id} are not painted yet"
            f"{first}: paint the grid first."
        )
    painters = painters_of(grid, cells)
    if len(painters) != 1:
        who = " and ".join(painters) or "nobody known"
        raise InputError(
            f"Grid {grid.id} has pictures by {who}, which cannot be compared: paint it again."
        )
    return painters[0]


def _file_print(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
