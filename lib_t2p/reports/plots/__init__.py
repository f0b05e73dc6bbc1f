"""Pages of plots that compare runs, as the guide draws them."""

from __future__ import annotations

from lib_t2p.reports.plots.page import PlotPage, draw_page
from lib_t2p.reports.plots.runs import PlottedRun

__all__ = ["PlotPage", "PlottedRun", "draw_page"]
