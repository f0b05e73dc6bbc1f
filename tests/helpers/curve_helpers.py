"""Trainings drawn by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lib_t2p.curves import Curves, curves_from_scalars
from lib_t2p.curves.scalars import Scalar

Floats = NDArray[np.float64]


def curves_from_points(points: Mapping[str, Sequence[tuple[int, float]]]) -> Curves:
    """Arrange (step, value) pairs whose times are not known."""
    return curves_from_scalars(
        Scalar(tag, step, float("nan"), value)
        for tag, pairs in points.items()
        for step, value in pairs
    )


def cosine(steps: int) -> Floats:
    return 0.5 * (1 + np.cos(np.pi * np.arange(1, steps + 1) / steps))


def growing(steps: int, rate: float, found: float, start: float = 1e-6) -> Floats:
    """d that grows by `rate` each step from `start` until it is `found`."""
    logs = np.minimum(np.arange(steps) * np.log(rate), np.log(found / start))
    return start * np.exp(logs)


def training(
    steps: int,
    d: Floats | None = None,
    *,
    rate: Floats | None = None,
    loss: Floats | None = None,
    seconds: Floats | None = None,
    dlr_tag: str = "lr/d*lr",
) -> Curves:
    """Curves of a run of `steps` steps; d is not drawn when it is None."""
    schedule = cosine(steps) if rate is None else rate
    noise = np.random.default_rng(1).lognormal(-2.6, 0.5, steps) if loss is None else loss
    times = 1.7e9 + np.cumsum(np.full(steps, 0.8) if seconds is None else seconds)
    table = {"loss/current": noise, "loss/average": noise, "lr/unet": schedule}
    if d is not None:
        table[dlr_tag] = d * schedule
    return curves_from_scalars(
        Scalar(tag, step + 1, float(times[step]), float(values[step]))
        for tag, values in table.items()
        for step in range(steps)
    )
