"""Which pictures of a grid repeat a training photo, or each other."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from lib_t2p.grids.cells import Cell, cell_path
from lib_t2p.scores.measuring import read_picture
from lib_t2p.scores.verdict.scores import CellScore
from lib_t2p.vision.likeness import Shape, nearest_likeness, picture_shape, same_as_others
from lib_t2p.workspace import GridFolder


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
