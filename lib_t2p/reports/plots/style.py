"""Colours, lines and smoothing: one look for all plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lib_t2p.curves import Curve, Numbers

Dash = Literal["-"] | tuple[float, Sequence[float]]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A6D00", "#56B4E9", "#5B3FA0", "#4D4D4D")
"""Okabe and Ito's, which colour-blind people can tell apart ("Color Universal Design", 2008);
their yellow and orange, too faint on white, are darker here."""

DASHES: tuple[Dash, ...] = ("-", (0, (5, 1.6)), (0, (1.2, 1.4)), (0, (6, 1.5, 1.2, 1.5)))
"""Of the first eight runs, of the next eight, and so on."""

INK, FAINT, RULE = "#1d2026", "#666d7a", "#e2e4e8"

SMOOTHED_SHARE = 20
"""The running mean looks back over a twentieth of the run."""

WIDEST, NARROWEST = 3.2, 1.3
"""Of lines, in points: lines that lie on each other stay visible, the first behind the others."""


@dataclass(frozen=True)
class Pen:
    """How a run is drawn."""

    colour: str
    dash: Dash
    width: float


def pen(index: int, of: int) -> Pen:
    """The pen of a run of a page with so many."""
    rounds, colour = divmod(index, len(PALETTE))
    width = WIDEST - (WIDEST - NARROWEST) * index / max(of - 1, 1)
    return Pen(PALETTE[colour], DASHES[rounds % len(DASHES)], width if of > 1 else 2.0)


def smoothed(curve: Curve) -> Numbers:
    """A running mean that weighs the past exponentially less, without a bias to its start."""
    keep = 1 - 1 / max(len(curve) / SMOOTHED_SHARE, 1.0)
    result, mean, weight = np.empty(len(curve)), 0.0, 0.0
    for index, value in enumerate(curve.values.tolist()):
        mean = keep * mean + (1 - keep) * value
        weight = keep * weight + (1 - keep)
        result[index] = mean / weight
    return result


def short(value: float | None) -> str:
    """A number for a table; a dash for none."""
    if value is None or not np.isfinite(value):
        return "–"
    return f"{value:.4f}" if 0.01 <= abs(value) < 10 else f"{value:.3g}"
