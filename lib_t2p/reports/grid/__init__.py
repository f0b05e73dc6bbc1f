"""The report: one self-contained page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.grid.curves import ScoreCurve
    from lib_t2p.reports.grid.grid_page import STYLE, report_body, verdict_card, write_report
    from lib_t2p.reports.grid.prompt_set_rows import prompt_sets_part

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
