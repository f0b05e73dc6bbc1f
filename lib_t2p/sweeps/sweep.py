"""A sweep: one base, and what differs between its runs."""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from lib_t2p.errors import SettingsError
from lib_t2p.settings.options import option_table
from lib_t2p.sweeps.points import PLACES, Point, changed
from lib_t2p.sweeps.sweep_axes import Choice, SweepAxis, axis_faults, axis_of, member_of

MOST_RUNS = 500
"""More would take months; the guide's whole comparison is 123 runs."""
MOST_REPEATS = 20

Mode = Literal["product", "one_at_a_time"]
Repeated = Literal["every", "base"]
MODES: tuple[Mode, ...] = ("product", "one_at_a_time")
REPEATED: tuple[Repeated, ...] = ("every", "base")


@dataclass(frozen=True)
class Sweep:
    """Runs that differ in named settings; made by `checked_sweep`.

    Attributes:
        id: name of its folder.
        person: folder name of the person.
        title: for a list and the page.
        description: what is compared and why.
        recipe: name of the recipe that the base began with; told on the page only.
        base: what a run trains that no axis changes; its settings hold a seed.
        axes: what differs.
        mode: `product` trains every combination; `one_at_a_time` trains the base, and each value
            of each axis with everything else as in the base.
        repeats: times that a run is trained, each with a seed of its own; 1 is without repeats.
        repeated: whether every run is repeated, or the base only.
    """

    id: str
    person: str
    title: str
    base: Point
    axes: tuple[SweepAxis, ...]
    description: str = ""
    recipe: str = ""
    mode: Mode = "product"
    repeats: int = 1
    repeated: Repeated = "every"


def checked_sweep(sweep: Sweep, known_faults: Sequence[str] = ()) -> Sweep:
    """Give the sweep back when it can be expanded.

    Args:
        sweep: to be looked at.
        known_faults: found elsewhere; raised with its own.

    Raises:
        SettingsError: all its faults at once: unknown names, no values, too many runs.
    """
    faults = [*known_faults, *_shape_faults(sweep)]
    for axis in sweep.axes:
        faults += axis_faults(axis)
        faults += _choice_faults(sweep.base, axis)
    if faults:
        raise SettingsError("This sweep cannot be used", list(dict.fromkeys(faults)))
    return sweep


def with_values(
    sweep: Sweep, values: Mapping[str, Sequence[Any]], repeats: int | None = None
) -> Sweep:
    """The sweep with more values on its axes, more axes or more repeats.

    A new axis of a product begins with a choice that changes nothing, so that the runs that are
    there already stay part of it.

    Raises:
        SettingsError: a name is unknown, or an axis of choices is given a value that it lacks.
    """
    axes = {axis.name: axis for axis in sweep.axes}
    for name, more in values.items():
        if name in axes:
            axes[name] = _longer(axes[name], more)
        else:
            axes[name] = _new_axis(sweep, axis_of(name, list(more)))
    grown = replace(sweep, axes=tuple(axes.values()), repeats=repeats or sweep.repeats)
    if grown.repeats < sweep.repeats:
        raise SettingsError(
            "This sweep cannot be used",
            [f"repeats is {sweep.repeats} already: runs are never taken away"],
        )
    return checked_sweep(grown)


def _longer(axis: SweepAxis, more: Sequence[Any]) -> SweepAxis:
    if any(set(choice.changes) != {axis.name} for choice in axis.choices):
        known = ", ".join(choice.label for choice in axis.choices)
        raise SettingsError(
            "This sweep cannot be used",
            [f"{axis.name} has the values {known}, each of which stands for several settings"],
        )
    return axis_of(axis.name, [*(c.changes[axis.name] for c in axis.choices), *more])


def _new_axis(sweep: Sweep, axis: SweepAxis) -> SweepAxis:
    if sweep.mode == "one_at_a_time":
        return axis
    return replace(axis, choices=(Choice("as before", {}), *axis.choices))


def _shape_faults(sweep: Sweep) -> list[str]:
    faults = []
    if sweep.mode not in MODES:
        faults.append(f"mode is {sweep.mode!r}, but must be {' or '.join(MODES)}")
    if sweep.repeated not in REPEATED:
        faults.append(f"repeated is {sweep.repeated!r}, but must be {' or '.join(REPEATED)}")
    if not 1 <= sweep.repeats <= MOST_REPEATS:
        faults.append(f"repeats is {sweep.repeats}, but must be 1 to {MOST_REPEATS}")
    if not sweep.axes and sweep.repeats < 2:
        faults.append("nothing differs: give an axis such as network_dim=32,64, or repeats")
    names = Counter(axis.short_name for axis in sweep.axes)
    faults += [f"two axes are called {name}" for name, count in names.items() if count > 1]
    runs = math.prod(len(axis.choices) for axis in sweep.axes)
    if sweep.mode == "one_at_a_time":
        runs = 1 + sum(len(axis.choices) for axis in sweep.axes)
    runs *= sweep.repeats if sweep.repeated == "every" else 1
    if runs > MOST_RUNS:
        faults.append(
            f"it makes {runs} runs, but {MOST_RUNS} are the most: give fewer values, or change "
            "one setting at a time"
        )
    return faults


def _choice_faults(base: Point, axis: SweepAxis) -> list[str]:
    options = [o.name for o in option_table()]
    faults = []
    for choice in axis.choices:
        for name in choice.changes:
            if name not in options and name not in PLACES and not member_of(name):
                near = difflib.get_close_matches(name, [*options, *PLACES], n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                faults.append(f"there is no setting {name!r}{hint}")
        try:
            changed(base, choice.changes)
        except ValueError as error:
            faults.append(str(error))
    return faults
