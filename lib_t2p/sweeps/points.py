"""What one run of a sweep trains, and how the value of an axis changes it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lib_t2p.errors import SettingsError
from lib_t2p.ranges import said, whole_number
from lib_t2p.settings import changed_values, settings_from
from lib_t2p.sweeps.sweep_axes import member_of

PLACES = ("dataset", "checkpoint", "photo_repeats", "trainer", "cpu_threads")
"""What a sweep may vary beside settings."""

_COUNTS = ("dataset", "photo_repeats", "cpu_threads")

SEEDS = 2**32
MOST_DIGITS = 20

LEFT_OUT = (None, "", "none")
"""Values of a member that mean: do not give this argument."""


@dataclass(frozen=True)
class Point:
    """What one run trains.

    Attributes:
        settings: values by option name, still unchecked.
        dataset: version number.
        checkpoint: path of the base checkpoint.
        photo_repeats: times that a photo is shown per epoch; 0 keeps the dataset's own.
        trainer: key of the registry of trainers.
        cpu_threads: threads per process; 0 leaves that to the trainer.
    """

    settings: Mapping[str, Any]
    dataset: int
    checkpoint: str
    photo_repeats: int = 0
    trainer: str = "builtin"
    cpu_threads: int = 0

    @property
    def seed(self) -> int | None:
        """Seed of the run; None when it is no whole number, which the checks refuse."""
        text = str(self.settings.get("seed") or 0).strip()
        return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else None

    def repeated(self, repeat: int) -> Point:
        """The same with the seed of a repeat, counted from 0; all points share the seeds."""
        if self.seed is None or not repeat:
            return self
        seed = (self.seed + repeat) % SEEDS
        return replace(self, settings={**self.settings, "seed": seed})


@dataclass(frozen=True)
class Checked:
    """A point whose settings were checked.

    Attributes:
        key: equal for points that train the same; None when the point is refused.
        refused: why it can't be trained; empty when it can.
    """

    key: tuple[Any, ...] | None
    refused: str = ""


def changed(point: Point, changes: Mapping[str, Any]) -> Point:
    """A point with the changes of a choice.

    Raises:
        ValueError: a dataset or a number of repeats that is no whole number from 1.
    """
    for name, value in changes.items():
        member = member_of(name)
        if name in PLACES:
            place: Any = _count(name, value) if name in _COUNTS else str(value)
            point = replace(point, **{name: place})
        elif member:
            option, argument = member
            arguments = _with_argument(point.settings.get(option, ()), argument, value)
            point = replace(point, settings={**point.settings, option: arguments})
        else:
            point = replace(point, settings={**point.settings, name: value})
    return point


def check(point: Point) -> Checked:
    """Check the settings of a point and give what tells it from others."""
    try:
        values = changed_values(settings_from(point.settings))
    except SettingsError as error:
        return Checked(None, "; ".join(error.faults))
    own = tuple(sorted((name, repr(value)) for name, value in values.items()))
    places = tuple(getattr(point, place) for place in PLACES)
    return Checked((*places, own))


def _count(name: str, value: Any) -> int:
    count = None if isinstance(value, bool) else whole_number(str(value).strip())
    if not count:
        raise ValueError(f"{name} is {said(value)}, but must be a whole number from 1")
    return count


def _with_argument(arguments: Any, name: str, value: Any) -> tuple[str, ...]:
    given = tuple(arguments.split() if isinstance(arguments, str) else arguments)
    # sd-scripts reads arguments as Python literals, which have no infinity; leaving the growth
    # rate out means the same.
    infinite = isinstance(value, float) and math.isinf(value)
    if value in LEFT_OUT or infinite or str(value).strip().lower() == "inf":
        return tuple(a for a in given if a.partition("=")[0] != name)
    text = f"{name}={_argument(value)}"
    if any(a.partition("=")[0] == name for a in given):
        return tuple(text if a.partition("=")[0] == name else a for a in given)
    return (*given, text)


def _argument(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(str(part) for part in value)
    text = str(value).strip()
    return {"true": "True", "false": "False"}.get(text.lower(), text)
