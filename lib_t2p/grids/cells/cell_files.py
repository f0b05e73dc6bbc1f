"""A cell's PNG on disk: whole or not, for which request, by whom.

What we know of a picture stands in the picture itself, in a `tEXt` chunk of our own before the
end chunk, so that file and knowledge are written in one rename and can never disagree.
Chunk layout: https://www.w3.org/TR/png-3/#5Chunk-layout
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lib_t2p.errors import PaintingError
from lib_t2p.files import write_bytes
from lib_t2p.grids.cells.cells import Cell
from lib_t2p.json_io import json_text, loads
from lib_t2p.painting import (
    CellRequest,
    PaintedCell,
    chunks,
    read_text,
    request_to_record,
    with_text,
)
from lib_t2p.workspace import GridFolder

SCHEMA = 1

_KEYWORD = "t2p-cell"


@dataclass(frozen=True)
class CellMark:
    """What a cell's file says of itself.

    Attributes:
        fingerprint: of the request it was painted from.
        painter: who painted.
        seconds: time it took.
    """

    fingerprint: str
    painter: str
    seconds: float


def cell_path(grid: GridFolder, cell: Cell) -> Path:
    """Where the cell's picture lies."""
    return grid.cells / f"{cell.id}.png"


def fingerprint(request: CellRequest) -> str:
    """SHA-256 of the request, so that a changed plan is never served an old picture."""
    text = json.dumps(request_to_record(request), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def write_cell(path: Path, request: CellRequest, painted: PaintedCell, painter: str) -> None:
    """Write a painted picture whole, with its mark.

    Raises:
        PaintingError: the painter gave no whole PNG.
        WorkspaceError: the disk is full or may not be written.
    """
    mark = CellMark(fingerprint(request), painter, round(painted.seconds, 3))
    try:
        png = with_text(painted.png, _KEYWORD, json_text({"v": SCHEMA, **asdict(mark)}))
    except PaintingError as error:
        raise PaintingError(
            f"{painter} gave no whole PNG for {path.stem}: paint the grid again."
        ) from error
    write_bytes(path, png)


def read_mark(path: Path) -> CellMark | None:
    """What the file says of itself; None when it is missing, damaged, cut off or not ours."""
    try:
        png = path.read_bytes()
    except OSError:
        return None
    kinds = [kind for kind, _ in chunks(png)]
    text = read_text(png, _KEYWORD) if kinds[-1:] == [b"IEND"] else None
    return None if text is None else _mark_from(text)


def _mark_from(text: str) -> CellMark | None:
    try:
        body = loads(text)
        if body.pop("v") != SCHEMA:
            return None
        return CellMark(**body)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
