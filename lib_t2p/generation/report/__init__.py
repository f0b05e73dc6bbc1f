"""The report: one self-contained page."""

from lib_t2p.generation.report.curves import Curve
from lib_t2p.generation.report.page import write_report

__all__ = ["Curve", "write_report"]
