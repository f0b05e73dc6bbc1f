"""Which plots a page has, and the runs that are drawn in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib_t2p.curves import Curve, CurveNumbers, Curves, differing, numbers_of_curves


@dataclass(frozen=True)
class PlotKind:
    """One plot of a page.

    Attributes:
        name: of its file.
        title: above it.
        x: what its x axis counts.
        curve: what it shows of a run.
        smooth: numbers of single steps are shown faint behind their running mean.
        is_loss: notes on losses belong to it.
    """

    name: str
    title: str
    x: str
    curve: Callable[[Curves], Curve]
    smooth: bool = False
    is_loss: bool = False


KINDS = (
    PlotKind(
        "loss_per_epoch", "Loss per epoch", "epoch", lambda c: c.epochs, smooth=True, is_loss=True
    ),
    PlotKind("loss_per_step", "Loss per step", "step", lambda c: c.loss, smooth=True, is_loss=True),
    PlotKind("dlr_per_step", "d × lr per step", "step", lambda c: c.dlr),
    PlotKind("lr_per_step", "Scheduled learning rate per step", "step", lambda c: c.rate),
)
"""As the guide's pages, in their order."""


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
