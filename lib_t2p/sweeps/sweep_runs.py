"""From a sweep to its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from lib_t2p.sweeps.points import Point, changed, check
from lib_t2p.sweeps.sweep import Sweep
from lib_t2p.sweeps.sweep_axes import Choice, SweepAxis

BASE = "base"
"""Name of the run that no axis changes."""


@dataclass(frozen=True)
class SweepRun:
    """One run of a sweep.

    Attributes:
        name: such as `network_dim=64` or `network_dim=64 seed 2`; unique within the sweep.
        group: the name without the repeat: runs of one group differ in their seeds only.
        labels: the value of each axis that it differs in.
        point: what it trains.
        overrides: settings that differ from the sweep's base.
        seed: of the run.
        refused: why it can't be trained; empty when it can.
        also: names of combinations that would train the same and are this one run.
    """

    name: str
    group: str
    labels: Mapping[str, str]
    point: Point
    overrides: Mapping[str, Any]
    seed: int
    refused: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Combination:
    name: str
    labels: Mapping[str, str]
    point: Point
    is_base: bool = False


def expand(sweep: Sweep) -> list[SweepRun]:
    """All runs of a sweep, first seeds first within each combination.

    What trains the same is one run; what the settings' checks refuse is given with the reason.
    """
    runs: dict[object, SweepRun] = {}
    for run in _all_runs(sweep):
        checked = check(run.point)
        key: object = ("refused", run.name) if checked.key is None else checked.key
        if key in runs:
            same = runs[key]
            runs[key] = replace(same, also=tuple(dict.fromkeys((*same.also, run.name))))
        else:
            runs[key] = replace(run, refused=checked.refused)
    return list(runs.values())


def _all_runs(sweep: Sweep) -> Iterator[SweepRun]:
    for combination in _with_base(sweep):
        repeated = combination.is_base or sweep.repeated == "every"
        for repeat in range(sweep.repeats if repeated else 1):
            # Seeds are the same in every group, so that runs are compared pair by pair.
            point = combination.point.repeated(repeat)
            yield SweepRun(
                name=combination.name + (f" seed {repeat + 1}" if repeat else ""),
                group=combination.name,
                labels=combination.labels,
                point=point,
                overrides=_overrides(sweep.base, point),
                seed=point.seed or 0,
            )


def _with_base(sweep: Sweep) -> list[_Combination]:
    """The combinations, with the base in front where the sweep wants it and has none."""
    found = list(_combinations(sweep))
    base_key = check(sweep.base).key
    if sweep.mode == "one_at_a_time" or not sweep.axes:
        return [_Combination(BASE, {}, sweep.base, is_base=True), *found]
    if sweep.repeated == "every" or sweep.repeats < 2:
        return found
    marked = [replace(c, is_base=_is(c.point, base_key)) for c in found]
    if any(c.is_base for c in marked):
        return marked
    return [_Combination(BASE, {}, sweep.base, is_base=True), *marked]


def _is(point: Point, key: object) -> bool:
    return key is not None and check(point).key == key


def _combinations(sweep: Sweep) -> Iterator[_Combination]:
    if not sweep.axes:
        return
    if sweep.mode == "one_at_a_time":
        for axis in sweep.axes:
            for choice in axis.choices:
                yield _combined(sweep.base, [(axis, choice)])
        return
    for choices in product(*(axis.choices for axis in sweep.axes)):
        yield _combined(sweep.base, list(zip(sweep.axes, choices, strict=True)))


def _combined(base: Point, chosen: list[tuple[SweepAxis, Choice]]) -> _Combination:
    point = base
    for _, choice in chosen:
        point = changed(point, choice.changes)
    # One that changes nothing stays unnamed, so that runs keep their names when a sweep grows.
    labels = {axis.short_name: choice.label for axis, choice in chosen if choice.changes}
    name = ", ".join(f"{axis}={label}" for axis, label in labels.items()) or BASE
    return _Combination(name, labels, point)


def _overrides(base: Point, point: Point) -> dict[str, Any]:
    absent = object()
    return {
        name: value
        for name, value in point.settings.items()
        if base.settings.get(name, absent) != value
    }
