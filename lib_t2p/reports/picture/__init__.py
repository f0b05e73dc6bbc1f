"""A grid as one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.picture.cell_choice import (
        AS_AXES,
        EVERYTHING,
        FILTERS,
        ORDERS,
        CellChoice,
        chosen_cells,
    )
    from lib_t2p.reports.picture.cell_table import MOST, CellPage, pages_of
    from lib_t2p.reports.picture.heat import Heat
    from lib_t2p.reports.picture.picture import draw_grid

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
