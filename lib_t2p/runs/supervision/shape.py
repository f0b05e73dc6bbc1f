"""The curves of a training at work, judged now and then."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from lib_t2p.curves import CurveFinding, curve_findings, curves_from_scalars
from lib_t2p.curves.scalars import Scalar
from lib_t2p.settings import Settings

EVERY = 50
"""Optimizer steps between two judgements; each takes some milliseconds."""

NOT_HERE = ("slow-steps", "nan-loss")
"""Told by the guard at once, from the pace and the numbers themselves."""


class Shape:
    """Collects numbers and judges the shape of their curves.

    Args:
        settings: of the run.
        judge: gives findings; a test gives its own.
    """

    def __init__(
        self, settings: Settings, judge: Callable[..., list[CurveFinding]] = curve_findings
    ) -> None:
        self._settings = settings
        self._judge = judge
        self._scalars: dict[str, dict[int, Scalar]] = {}
        self._next = EVERY

    def take(self, scalar: Scalar) -> None:
        """Keep a number; a resumed training tells some steps again, and the newer one holds."""
        if scalar.tag.startswith(("loss/", "lr/")):
            self._scalars.setdefault(scalar.tag, {})[scalar.step] = scalar

    def findings(self, step: int) -> list[CurveFinding]:
        """What is wrong so far, when it is time to judge again; else nothing."""
        if step < self._next:
            return []
        self._next = step + EVERY
        scalars = chain.from_iterable(points.values() for points in self._scalars.values())
        found = self._judge(curves_from_scalars(scalars), self._settings, ended=False)
        return [finding for finding in found if finding.code not in NOT_HERE]
