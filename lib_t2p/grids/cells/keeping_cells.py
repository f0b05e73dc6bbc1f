"""Keeping painted pictures when a grid is planned anew with further values."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.errors import WorkspaceError
from lib_t2p.grids.cells.cell_files import cell_path, fingerprint, read_mark
from lib_t2p.grids.cells.cells import Cell
from lib_t2p.workspace import GridFolder

_MOVING = ".moving"


def keep_painted(grid: GridFolder, cells: Sequence[Cell]) -> int:
    """Give pictures on disk the names that their requests have in the new plan.

    A value that is put between others shifts the numbers in the names of those behind it. Pictures
    are known by the request that they were painted from, so that only new ones are painted.

    Returns:
        how many pictures changed their name.

    Raises:
        WorkspaceError: a picture could not be renamed; what was renamed is found again next time.
    """
    if not grid.cells.is_dir():
        return 0
    found: dict[str, str] = {}
    for path in sorted([*grid.cells.glob("*.png"), *grid.cells.glob(f"*{_MOVING}")]):
        mark = read_mark(path)
        if mark is not None:
            found.setdefault(mark.fingerprint, path.name)
    wanted = {fingerprint(cell.request): cell_path(grid, cell) for cell in cells}
    moves = {
        key: (grid.cells / found[key], path)
        for key, path in wanted.items()
        if key in found and found[key] != path.name
    }
    try:
        # In two steps, since one picture's new name may be another's old one.
        for key, (old, _) in moves.items():
            old.replace(grid.cells / f"{key}{_MOVING}")
        for key, (_, new) in moves.items():
            (grid.cells / f"{key}{_MOVING}").replace(new)
    except OSError as error:
        raise WorkspaceError(
            f"The pictures of grid {grid.id} could not be put in their new order: {error}. Close "
            "what has them open and draw the grid again."
        ) from error
    return len(moves)
