"""Painting a set of regularisation images, resumable at every picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.class_images.class_plan import read_set
from lib_t2p.errors import FaultsError
from lib_t2p.grids.cells import fingerprint, read_mark, write_cell
from lib_t2p.jobs.events import Reporter
from lib_t2p.painting import CellRequest, Painter
from lib_t2p.workspace import PhotoSet


@dataclass(frozen=True)
class PaintedSet:
    """What came of painting a set.

    Attributes:
        set: its name.
        painted: pictures painted now.
        resumed: pictures that were whole on disk already.
        painter: who painted.
    """

    set: str
    painted: int
    resumed: int
    painter: str


def paint_set(
    folder: PhotoSet, checkpoint: str, painter: Painter, reporter: Reporter
) -> PaintedSet:
    """Paint the pictures that are not on disk yet.

    They are not compared with each other, so any painter may go on where another one left off.

    Args:
        folder: the set.
        checkpoint: title or path by which the painter knows it.
        painter: paints.
        reporter: told of each picture.

    Raises:
        FaultsError: all that cannot be painted, before the first picture.
        StopRequested: the person asked to stop; painted pictures stay.
        PaintingError, CheckpointError: from the painter.
        WorkspaceError: the set is damaged, or the disk is full.
    """
    requests = read_set(folder)
    todo = [(n, one) for n, one in enumerate(requests, 1) if not _is_painted(folder, n, one)]
    named = [replace(request, checkpoint=checkpoint) for _, request in todo]
    faults = painter.faults(named) if named else []
    if faults:
        raise FaultsError("These regularisation images cannot be painted", faults)
    reporter.phase("painting")
    resumed = len(requests) - len(todo)
    for done, ((number, request), asked) in enumerate(zip(todo, named, strict=True), resumed):
        reporter.check_stop()
        reporter.progress(done, len(requests), "picture")
        path = picture_path(folder, number)
        write_cell(path, request, painter.paint(asked), painter.name)
        reporter.image(str(path), f"{number}: {request.prompt}")
    reporter.progress(len(requests), len(requests), "picture")
    return PaintedSet(folder.slug, len(todo), resumed, painter.name)


def picture_path(folder: PhotoSet, number: int) -> Path:
    """Where a picture of the set lies, counted from 1."""
    return folder.photos / f"{number:04d}.png"


def _is_painted(folder: PhotoSet, number: int, request: CellRequest) -> bool:
    mark = read_mark(picture_path(folder, number))
    return mark is not None and mark.fingerprint == fingerprint(request)
