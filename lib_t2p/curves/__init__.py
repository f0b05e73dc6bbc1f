"""The curves of a training, what they amount to, and what is wrong with them."""

from __future__ import annotations

from lib_t2p.curves.curve import Curve, Curves, curves_from_points, curves_from_scalars
from lib_t2p.curves.findings import CurveFinding, curve_findings
from lib_t2p.curves.numbers import CurveNumbers, numbers_of_curves

__all__ = [
    "Curve",
    "CurveFinding",
    "CurveNumbers",
    "Curves",
    "curve_findings",
    "curves_from_points",
    "curves_from_scalars",
    "numbers_of_curves",
]
