"""The report: one self-contained page."""

from lib_t2p.reports.grid.curves import Curve
from lib_t2p.reports.grid.page import STYLE, report_body, verdict_card, write_report
from lib_t2p.reports.grid.prompt_sets import prompt_sets_part

__all__ = ["STYLE", "Curve", "prompt_sets_part", "report_body", "verdict_card", "write_report"]
