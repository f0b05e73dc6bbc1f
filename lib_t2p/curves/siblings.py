"""Collapses that show beside runs with the same photos and timesteps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lib_t2p.curves.collapse import Collapse, collapse_beside, collapse_of
from lib_t2p.curves.curve import Curves
from lib_t2p.curves.findings import CurveFinding, collapse_finding

NEAREST = 8
"""Siblings on either side that a run is held against; a folder may have hundreds."""


def beside_siblings(
    curves: Mapping[str, Curves], findings: Mapping[str, Sequence[CurveFinding]]
) -> dict[str, tuple[CurveFinding, ...]]:
    """Findings of runs, with what their siblings show.

    Args:
        curves: of the runs of one page or sweep that are over, by name.
        findings: of each by itself.
    """
    names = list(curves)
    told = {}
    for index, name in enumerate(names):
        near = names[max(index - NEAREST, 0) : index] + names[index + 1 : index + 1 + NEAREST]
        told[name] = _of(curves[name], findings[name], {other: curves[other] for other in near})
    return told


def _of(
    curves: Curves, findings: Sequence[CurveFinding], others: Mapping[str, Curves]
) -> tuple[CurveFinding, ...]:
    fell = collapse_beside(curves, others)
    if fell is None or (fell.after is None and any(f.code == "diverged" for f in findings)):
        return tuple(findings)
    own = collapse_of(curves)
    finding = collapse_finding(curves, _both(own, fell) if own else fell)
    return (*(f for f in findings if f.code != "collapse"), finding)


def _both(own: Collapse, fell: Collapse) -> Collapse:
    """The whole of two stretches; two that lie apart are told by the longer."""
    if own.last < fell.first or fell.last < own.first:
        return max(own, fell, key=lambda c: c.last - c.first)
    late = own if own.last >= fell.last else fell
    return replace(
        own,
        first=min(own.first, fell.first),
        last=late.last,
        after=late.after,
        beside=fell.beside,
        times=fell.times,
        dlr_times=fell.dlr_times,
    )
