"""Measuring a grid's pictures against real photos of the person, against training photos that they
repeat, and against each other."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lib_t2p.errors import InputError, NewerSchemaError, WorkspaceError
from lib_t2p.grids import read_plan
from lib_t2p.grids.cells import Cell, caption_of, cell_path, painters_of, read_cells
from lib_t2p.jobs.events import Reporter
from lib_t2p.scores.measuring import Measured, Measuring, one_by_one, read_picture
from lib_t2p.scores.real_photos import References, distances, load_references, reference_print
from lib_t2p.scores.verdict.scores import CellScore, Scores, read_scores, write_scores
from lib_t2p.vision.likeness import Shape, nearest_likeness, picture_shape, same_as_others
from lib_t2p.workspace import GridFolder, PersonFolder

if TYPE_CHECKING:
    from lib_t2p.vision.faces import VisionTools


def unlooked(scores: Mapping[str, CellScore]) -> set[str]:
    """Cells that were not compared with other pictures yet, or could not be."""
    return {s.id for s in scores.values() if s.copied is None and s.repeated is None}


def with_repeats(
    grid: GridFolder,
    cells: Sequence[Cell],
    scores: Mapping[str, CellScore],
    photos: Sequence[Shape],
    known: Mapping[str, Shape],
) -> dict[str, CellScore]:
    """Give the scores with `copied` and `repeated`.

    Only models, weights and points with a picture that was not compared yet are looked at.

    Args:
        grid: holds the pictures.
        cells: of the grid.
        scores: by cell; cells without one are not looked at.
        photos: of the training photos.
        known: shapes of cells that were just measured; the others are read again.
    """
    changed = unlooked(scores)
    found = dict(scores)
    groups: dict[Hashable, list[Cell]] = {}
    for cell in cells:
        if cell.id in scores:
            groups.setdefault((cell.model, cell.weight, cell.point), []).append(cell)
    for group in groups.values():
        if any(cell.id in changed for cell in group):
            found |= _looked_at(grid, group, scores, photos, known)
    return found


def _looked_at(
    grid: GridFolder,
    group: Sequence[Cell],
    scores: Mapping[str, CellScore],
    photos: Sequence[Shape],
    known: Mapping[str, Shape],
) -> dict[str, CellScore]:
    shapes = [
        known[cell.id] if cell.id in known else picture_shape(read_picture(cell_path(grid, cell)))
        for cell in group
    ]
    copied: Sequence[float | None] = nearest_likeness(shapes, photos) or [None] * len(group)
    # Prompts of one seed often give one composition; that is no sign of anything.
    repeated = same_as_others(shapes, [cell.seed for cell in group])
    return {
        cell.id: replace(scores[cell.id], copied=_rounded(copy), repeated=_rounded(repeat))
        for cell, copy, repeat in zip(group, copied, repeated, strict=True)
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


KEEP_EVERY = 16
"""Cells between two writes of `scores.json`, at least."""
KEEP_SHARE = 20
"""A write waits for one more cell in so many, as the file grows: thousands are not written over and
over."""

Which = Literal["all", "painted"]
"""All cells, which must be painted, or those that are painted so far."""


def score_grid(
    grid: GridFolder,
    person: PersonFolder,
    tools: VisionTools,
    reporter: Reporter,
    measuring: Measuring | None = None,
    which: Which = "all",
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
        which: "painted" scores what is there while the rest is still being painted.

    Raises:
        InputError: cells are missing or of two painters; or no held-out photo shows a face.
        WorkspaceError: the grid or the dataset is missing or damaged.
        StopRequested: the person asked to stop; scores so far are kept.
    """
    dataset = person.dataset(read_plan(grid).dataset)
    cells = _chosen(grid, which)
    painter = _only_painter(grid, cells)
    prints = {cell.id: _file_print(cell_path(grid, cell)) for cell in cells}
    reference = reference_print(dataset, tools)
    old = _previous(grid, painter, reference, tools, reporter)
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
    shapes, written = {}, len(kept)
    measured = (measuring or one_by_one(tools))([cell_path(grid, cell) for cell in todo])
    try:
        for done, cell in enumerate(todo, len(kept)):
            reporter.check_stop()
            reporter.progress(done, len(cells), "cell")
            seen = next(measured)
            shapes[cell.id] = seen.shape
            kept[cell.id] = _score(cell, prints[cell.id], seen, references)
            if len(kept) - written >= max(KEEP_EVERY, len(kept) // KEEP_SHARE):
                _write(grid, scores, cells, kept)
                written = len(kept)
        kept = with_repeats(grid, cells, kept, references.shapes, shapes)
    finally:
        measured.close()
        scores = _write(grid, scores, cells, kept)
    reporter.progress(len(cells), len(cells), "cell")
    return scores


def _chosen(grid: GridFolder, which: Which) -> list[Cell]:
    cells = read_cells(grid)
    if which == "all":
        return cells
    painted = [cell for cell in cells if cell_path(grid, cell).exists()]
    if not painted:
        raise InputError(f"No picture of grid {grid.id} is painted yet: wait for the first ones.")
    return painted


def _previous(
    grid: GridFolder, painter: str, reference: str, tools: VisionTools, reporter: Reporter
) -> Scores | None:
    if not grid.scores.exists():
        return None
    try:
        old = read_scores(grid)
    except NewerSchemaError:
        raise
    except WorkspaceError as error:
        reporter.warning(f"{error} It is measured again.")
        return None
    before, now = (old.detector, old.embedder), (tools.detector.name, tools.embedder.name)
    if before != now:
        reporter.warning(
            f"Grid {grid.id} was measured by {' and '.join(before)}, and now by "
            f"{' and '.join(now)}: all is measured again, since their numbers are never mixed."
        )
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
