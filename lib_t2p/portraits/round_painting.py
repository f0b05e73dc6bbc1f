"""Painting a round picture by picture, resumable at every picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.errors import FaultsError
from lib_t2p.grids.cells import fingerprint, read_mark, write_cell
from lib_t2p.jobs.events import Reporter
from lib_t2p.painting import Painter
from lib_t2p.portraits.places import find_picture, picture_path
from lib_t2p.portraits.rounds import Portrait, read_round
from lib_t2p.workspace import PortraitsFolder


@dataclass(frozen=True)
class PaintedRound:
    """What came of painting a round.

    Attributes:
        painted: pictures painted now.
        resumed: pictures that were whole on disk already.
        left: pictures that were not begun, since the series was to end.
        painter: who painted.
        ended: why pictures are left; empty when none is.
    """

    painted: int
    resumed: int
    left: int
    painter: str
    ended: str = ""


def paint_round(
    folder: PortraitsFolder,
    number: int,
    painter: Painter,
    reporter: Reporter,
    why_halted: Callable[[], str] = lambda: "",
) -> PaintedRound:
    """Paint the pictures of a round that are not on disk yet.

    Unlike a grid's cells they are not compared with each other, so any painter may go on where
    another one left off; each picture says who painted it.

    Args:
        folder: of the series.
        number: of the round, from 1.
        painter: paints.
        reporter: told of each picture.
        why_halted: asked before each picture; a reason ends the round.

    Raises:
        FaultsError: all that cannot be painted, before the first picture.
        StopRequested: the person asked to stop; painted pictures stay.
        PaintingError, LoraError, CheckpointError: from the painter.
        WorkspaceError: the round is not planned, or the disk is full.
    """
    pictures = read_round(folder, number)
    todo = [one for one in pictures if not is_painted(folder, one)]
    faults = painter.faults([one.request for one in todo]) if todo else []
    if faults:
        raise FaultsError("These portraits cannot be painted", faults)
    reporter.phase("painting")
    resumed, painted, ended = len(pictures) - len(todo), 0, ""
    for one in todo:
        reporter.check_stop()
        ended = why_halted()
        if ended:
            break
        reporter.progress(resumed + painted, len(pictures), "picture")
        path = picture_path(folder, one.id)
        write_cell(path, one.request, painter.paint(one.request), painter.name)
        reporter.image(str(path), caption_of(one))
        painted += 1
    reporter.progress(resumed + painted, len(pictures), "picture")
    return PaintedRound(painted, resumed, len(todo) - painted, painter.name, ended)


def is_painted(folder: PortraitsFolder, one: Portrait) -> bool:
    """Whether the picture lies whole on disk, wherever it was sorted to."""
    path: Path | None = find_picture(folder, one.id)
    mark = read_mark(path) if path else None
    return mark is not None and mark.fingerprint == fingerprint(one.request)


def caption_of(one: Portrait) -> str:
    """What people read below a picture."""
    return f"{one.number + 1}: {one.request.prompt}, seed {one.request.seed}"
