"""A cell's PNG on disk: whole or not, for which request, by whom.

What we know of a picture stands in the picture itself, in a `tEXt` chunk of our own before the
end chunk, so that file and knowledge are written in one rename and can never disagree.
Chunk layout: https://www.w3.org/TR/png-3/#5Chunk-layout
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from lib_t2p.errors import PaintingError
from lib_t2p.files import write_bytes
from lib_t2p.generation.cells import Cell
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.workspace import GridFolder

SCHEMA = 1

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"t2p-cell\0"


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
    return hashlib.sha256(json.dumps(asdict(request), sort_keys=True).encode()).hexdigest()


def write_cell(path: Path, request: CellRequest, painted: PaintedCell, painter: str) -> None:
    """Write a painted picture whole, with its mark.

    Raises:
        PaintingError: the painter gave no whole PNG.
        WorkspaceError: the disk is full or may not be written.
    """
    chunks = list(_chunks(painted.png))
    if not chunks or chunks[-1][0] != b"IEND":
        raise PaintingError(f"{painter} gave no whole PNG for {path.stem}: paint the grid again.")
    mark = CellMark(fingerprint(request), painter, round(painted.seconds, 3))
    text = _KEYWORD + json.dumps({"v": SCHEMA, **asdict(mark)}).encode("ascii")
    ours = [(kind, data) for kind, data in chunks[:-1] if not _is_mark(kind, data)]
    ours += [(b"tEXt", text), chunks[-1]]
    write_bytes(path, _SIGNATURE + b"".join(_packed(kind, data) for kind, data in ours))


def read_mark(path: Path) -> CellMark | None:
    """What the file says of itself; None when it is missing, damaged, cut off or not ours."""
    try:
        chunks = list(_chunks(path.read_bytes()))
    except OSError:
        return None
    if not chunks or chunks[-1][0] != b"IEND":
        return None
    for kind, data in chunks:
        if _is_mark(kind, data):
            return _mark_from(data[len(_KEYWORD) :])
    return None


def _mark_from(text: bytes) -> CellMark | None:
    try:
        body = json.loads(text)
        if body.pop("v") != SCHEMA:
            return None
        return CellMark(**body)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_mark(kind: bytes, data: bytes) -> bool:
    return kind == b"tEXt" and data.startswith(_KEYWORD)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give (type, data) of all chunks whose checksum is right, up to the first that is not."""
    if not png.startswith(_SIGNATURE):
        return
    at = len(_SIGNATURE)
    while at + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        check = png[at + 8 + length : at + 12 + length]
        if check != struct.pack(">I", zlib.crc32(kind + data)):
            return
        yield kind, data
        at += 12 + length


def _packed(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
