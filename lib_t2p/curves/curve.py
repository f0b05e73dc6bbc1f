"""Curves by tag, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lib_t2p.curves.scalars import Scalar

Numbers = NDArray[np.float64]

EPOCH_TAGS = ("loss/epoch", "loss/epoch_average")
"""The second is sd-scripts v0.10's."""

DLR_TAGS = ("lr/d*lr", "lr/d*lr/unet", "lr/d*lr/textencoder")
"""The guide's logs have the first, newer sd-scripts the others, AdamW none."""
DLR_GROUPS = "lr/d*lr/group"
"""Newer sd-scripts with more than one rate for the U-Net number them."""


@dataclass(frozen=True)
class Curve:
    """Numbers of one tag.

    Attributes:
        steps: rising, each once.
        values: of the steps; may be NaN or infinite.
        times: Unix seconds; NaN where they were not told.
    """

    steps: NDArray[np.int64]
    values: Numbers
    times: Numbers

    def __len__(self) -> int:
        return len(self.steps)

    def finite(self) -> Curve:
        """Without NaN and infinity."""
        keep = np.isfinite(self.values)
        return Curve(self.steps[keep], self.values[keep], self.times[keep])


def _empty() -> Curve:
    return Curve(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Curves:
    """All curves of a run.

    Attributes:
        by_tag: TensorBoard tag -> curve; no curve is empty.
    """

    by_tag: Mapping[str, Curve] = field(default_factory=dict)

    def get(self, *tags: str) -> Curve:
        """The first of these that there is; an empty curve when there is none."""
        return next((self.by_tag[tag] for tag in tags if tag in self.by_tag), _empty())

    @property
    def loss(self) -> Curve:
        """Loss of each step."""
        return self.get("loss/current", "loss/average")

    @property
    def average(self) -> Curve:
        """Average loss of the last epoch's length, at each step."""
        return self.get("loss/average")

    @property
    def epochs(self) -> Curve:
        """Average loss at the end of each epoch; x is the epoch, or the step it ended at."""
        return self.get(*EPOCH_TAGS)

    @property
    def dlr(self) -> Curve:
        """What D-Adaptation and Prodigy learn at: d times the scheduled rate.

        Of several, the highest: a text encoder at rate 0 has a d x lr of 0.
        """
        found = [self.by_tag[tag].finite() for tag in self.dlr_tags]
        return max(found, key=lambda c: c.values.max(initial=0.0), default=_empty())

    @property
    def dlr_tags(self) -> list[str]:
        """Tags of d times the scheduled rate, of which there is one or one for each group."""
        groups = sorted(tag for tag in self.by_tag if tag.startswith(DLR_GROUPS))
        return [*(tag for tag in DLR_TAGS if tag in self.by_tag), *groups]

    @property
    def rate(self) -> Curve:
        """The scheduled learning rate."""
        return self.get("lr/unet", "lr/textencoder", "lr/group0", "lr/group1")


def curves_from_scalars(scalars: Iterable[Scalar]) -> Curves:
    """Arrange numbers by tag; of a step that was written twice the later counts.

    So a resumed training, which repeats the steps since its last state, has each step once.
    """
    told: dict[str, dict[int, Scalar]] = {}
    for scalar in scalars:
        told.setdefault(scalar.tag, {})[scalar.step] = scalar
    return Curves({tag: _curve(list(points.values())) for tag, points in sorted(told.items())})


def _curve(scalars: list[Scalar]) -> Curve:
    steps = np.array([s.step for s in scalars], np.int64)
    order = np.argsort(steps, kind="stable")
    values = np.array([s.value for s in scalars], np.float64)
    times = np.array([s.wall_time for s in scalars], np.float64)
    return Curve(steps[order], values[order], times[order])
