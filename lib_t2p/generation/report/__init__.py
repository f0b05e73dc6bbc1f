"""The report: one self-contained page."""

from lib_t2p.generation.report.curves import Curve
from lib_t2p.generation.report.page import STYLE, report_body, verdict_card, write_report

__all__ = ["STYLE", "Curve", "report_body", "verdict_card", "write_report"]
