"""Pages that join what the rooms know: of a run, of a sweep, of a person, of a night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.overview.effects import effects_part
    from lib_t2p.reports.overview.overview_page import (
        clock,
        grid_part,
        set_apart,
        write_page,
        write_scope_report,
    )
    from lib_t2p.reports.overview.run_numbers import told_sweep
    from lib_t2p.reports.overview.scope import ABOUT, About, scope_of

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
