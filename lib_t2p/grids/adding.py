"""Further values for a grid that is there: only what is new will be painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from lib_t2p.errors import FaultsError, InputError
from lib_t2p.grids.axes.axes import Axis, AxisKind, GridModel
from lib_t2p.grids.axes.axis_values import VALUE_KINDS, value_fault
from lib_t2p.grids.grid_plan import GridPlan
from lib_t2p.grids.plan_files import plan_faults

ALWAYS: tuple[AxisKind, ...] = ("prompt", "seed")
"""Kinds that every grid has, with an axis or without."""


def with_values(
    plan: GridPlan,
    kind: AxisKind,
    values: Sequence[str | float],
    models: Sequence[GridModel] = (),
) -> GridPlan:
    """Give the plan with further values of one kind.

    Numbers take their place among the others when these are in order; all else comes last. What
    is there already is passed over.

    Args:
        plan: of the grid; the pictures painted from it stay.
        kind: of one of its axes, or one of `ALWAYS`.
        values: to be added; prompts as texts, saved models by their stems.
        models: the saved models that `values` names.

    Raises:
        InputError: the grid has no such axis, or all values are there already.
        FaultsError: all faults of the plan that would come of it.
    """
    axis = plan.axis(kind)
    if axis is None and kind not in ALWAYS:
        known = ", ".join(dict.fromkeys([*(one.kind for one in plan.axes), *ALWAYS]))
        raise InputError(
            f"This grid has no axis of {kind}: add values of {known}, or draw another grid."
        )
    there = _there(plan, kind)
    new = [value for value in dict.fromkeys(values) if value not in there]
    if not new:
        raise InputError("All these values are in the grid already: name others.")
    faults = _value_faults(kind, new)
    grown = plan if faults else _grown(plan, kind, new, models)
    faults = faults or plan_faults(grown)
    if faults:
        raise FaultsError("These values cannot be added", faults)
    return grown


def _value_faults(kind: AxisKind, values: Sequence[str | float]) -> list[str]:
    """What is wrong with values by themselves; prompts are judged by the plan."""
    if kind not in VALUE_KINDS or kind == "prompt":
        return []
    return [fault for value in values for fault in value_fault(kind, kind, value)]


def _there(plan: GridPlan, kind: AxisKind) -> Sequence[str | float]:
    if kind == "prompt":
        return plan.prompts
    axis = plan.axis(kind)
    return plan.seeds if axis is None else axis.values


def _grown(plan: GridPlan, kind: AxisKind, new: list[Any], models: Sequence[GridModel]) -> GridPlan:
    if kind == "prompt":
        count = len(plan.prompts)
        plan = replace(plan, prompts=(*plan.prompts, *new))
        new = list(range(count + 1, len(plan.prompts) + 1))
    elif kind == "seed":
        plan = replace(plan, seeds=cast("tuple[int, ...]", _placed(plan.seeds, new)))
    elif kind == "saved_model":
        plan = replace(plan, models=(*plan.models, *(m for m in models if m.stem in new)))
    changes: dict[str, Any] = {}
    for name, axis in zip("xyz", plan.axes, strict=False):
        if axis.kind == kind:
            changes[name] = Axis(kind, _placed(axis.values, new))
    return replace(plan, **changes)


def _placed(old: Sequence[str | float], new: Sequence[str | float]) -> tuple[str | float, ...]:
    both = [*old, *new]
    if any(isinstance(value, str) for value in both):
        return tuple(both)
    numbers = cast("list[float]", both)
    in_order = list(old) == sorted(cast("Sequence[float]", old))
    return tuple(sorted(numbers)) if in_order else tuple(both)
