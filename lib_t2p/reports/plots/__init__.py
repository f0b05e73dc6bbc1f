"""Pages of plots that compare runs, as the guide draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.reports.plots.plots_page import PlotPage, draw_page
    from lib_t2p.reports.plots.plotted_runs import PlottedRun

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
