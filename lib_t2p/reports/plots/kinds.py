"""Which plots a page has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lib_t2p.curves import Curve, Curves


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
