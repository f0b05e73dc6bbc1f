"""What is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib_t2p.curves import CurveNumbers, Curves, differing, numbers_of_curves


@dataclass(frozen=True)
class PlottedRun:
    """A run of a page.

    Attributes:
        name: in the legend.
        curves: of the run.
        group: runs of one group have the same settings and show what is noise; empty for none.
        settings: sd-scripts' names -> values, as far as they are known.
        minutes: of training; None takes those of the curves.
    """

    name: str
    curves: Curves
    group: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    minutes: float | None = None

    @property
    def numbers(self) -> CurveNumbers:
        """Of its curves."""
        return numbers_of_curves(self.curves)


def incomparable_notes(runs: Sequence[PlottedRun]) -> tuple[str, ...]:
    """A sentence for each setting that differs and changes what the loss measures."""
    told = [run.settings for run in runs if run.settings]
    return tuple(
        f"Losses cannot be compared here: {words} differs between the runs."
        for words in differing(told)
    )
