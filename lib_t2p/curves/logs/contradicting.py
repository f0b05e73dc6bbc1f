"""What a log itself says against a config."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lib_t2p.curves import Curves, numbers_of_curves
from lib_t2p.plurals import counted
from lib_t2p.settings import is_adaptive

FALLEN = 0.5
"""Of the last rate to the highest."""

SETTLED = 20
"""Numbers of a rate from which its course can be told."""


def contradictions(values: Mapping[str, Any], curves: Curves) -> list[str]:
    """Why a config is not that of a log; empty when nothing speaks against it.

    Args:
        values: of the config, by sd-scripts' names.
        curves: of the log.
    """
    return [*_counts(values, curves), *_optimizer(values, curves), *_schedule(values, curves)]


def _counts(values: Mapping[str, Any], curves: Curves) -> Iterator[str]:
    numbers = numbers_of_curves(curves)
    epochs, steps = values.get("max_train_epochs"), values.get("max_train_steps")
    if isinstance(epochs, int) and epochs and numbers.epochs > epochs:
        yield f"it plans {counted(epochs, 'epoch')} and the log has {numbers.epochs}"
    elif isinstance(steps, int) and steps and not epochs and numbers.steps > steps:
        yield f"it plans {counted(steps, 'step')} and the log has {numbers.steps}"


def _optimizer(values: Mapping[str, Any], curves: Curves) -> Iterator[str]:
    optimizer = str(values.get("optimizer_type") or "")
    if optimizer and len(curves.dlr) and not is_adaptive(optimizer):
        yield f"it names {optimizer}, which finds no rate on its own, and the log has d x lr"


def _schedule(values: Mapping[str, Any], curves: Curves) -> Iterator[str]:
    rate = curves.rate.finite().values
    scheduler = str(values.get("lr_scheduler") or "")
    if not scheduler or len(rate) < SETTLED or rate.max() <= 0:
        return
    if scheduler == "constant" and rate[-1] < FALLEN * rate.max():
        yield "it keeps the learning rate constant, which falls in the log"
    elif scheduler in ("cosine", "linear", "polynomial") and rate.max() == rate.min():
        yield f"its schedule is {scheduler}, and the learning rate of the log stays the same"
