"""`cells.html`: all cells of a grid as one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.cells.cells_page import write_cells_page

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
