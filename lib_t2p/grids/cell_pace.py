"""How fast a painter paints on this machine: measured with every grid, kept in the cache."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lib_t2p.errors import T2PError
from lib_t2p.files import read_record, write_record
from lib_t2p.painting import CellRequest
from lib_t2p.workspace import Workspace

SCHEMA = 1
_MEGA = 1_000_000


def work_of(request: CellRequest) -> float:
    """Megapixel steps of one picture: what its time is proportional to, loading left aside."""
    return request.width * request.height * request.steps / _MEGA


def keep_pace(workspace: Workspace, painter: str, done: Iterable[tuple[float, float]]) -> None:
    """Remember what a painter just needed.

    Args:
        workspace: whose cache keeps it.
        painter: its name.
        done: megapixel steps and seconds of each picture.

    Raises:
        WorkspaceError: the disk is full.
    """
    pairs = list(done)
    work = sum(work for work, _ in pairs)
    if work > 0:
        paces = {**_read(workspace), painter: sum(seconds for _, seconds in pairs) / work}
        # The newest last, since its painter is the likeliest to paint next.
        paces[painter] = paces.pop(painter)
        write_record(_file(workspace), SCHEMA, {"seconds_per_megapixel_step": paces})


def pace(workspace: Workspace) -> tuple[str, float] | None:
    """Painter and seconds per megapixel step of what was painted last; None before that."""
    paces = _read(workspace)
    return list(paces.items())[-1] if paces else None


def _read(workspace: Workspace) -> dict[str, float]:
    try:
        table = read_record(_file(workspace), SCHEMA)["seconds_per_megapixel_step"]
        return {str(name): float(value) for name, value in table.items()}
    except (T2PError, KeyError, TypeError, ValueError, AttributeError):
        # Measured again with the next grid.
        return {}


def _file(workspace: Workspace) -> Path:
    return workspace.cache / "painting_pace.json"
