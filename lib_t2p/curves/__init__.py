"""The curves of a training, what they amount to, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.curves.comparable import INCOMPARABLE, differing
    from lib_t2p.curves.curve import Curve, Curves, Numbers, curves_from_scalars
    from lib_t2p.curves.findings import CurveFinding, curve_findings
    from lib_t2p.curves.numbers import CurveNumbers, finite_or_none, numbers_of_curves
    from lib_t2p.curves.siblings import beside_siblings
    from lib_t2p.curves.tracks import Compared, Comparison, compare_on_tracks

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
