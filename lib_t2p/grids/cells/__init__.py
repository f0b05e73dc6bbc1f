"""Cells of a grid: which there are, their files, how they are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.grids.cells.cell_files import cell_path, fingerprint, read_mark, write_cell
    from lib_t2p.grids.cells.cells import Cell, expand, read_cells, request_of, write_cells
    from lib_t2p.grids.cells.keeping_cells import keep_painted
    from lib_t2p.grids.cells.painting_cells import caption_of, paint_cells, painters_of

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
