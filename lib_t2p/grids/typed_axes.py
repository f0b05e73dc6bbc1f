"""Axes as people type them: a kind and a line of values, ranges included."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

from lib_t2p.errors import FaultsError
from lib_t2p.grids.axes.axes import AXIS_KINDS, Axis, AxisKind
from lib_t2p.grids.axes.axis_values import TEXTS, WHOLE
from lib_t2p.grids.axes.typed_values import expanded, number_of
from lib_t2p.grids.grid_plan import GridPlan
from lib_t2p.grids.plan_files import plan_faults

LISTED: tuple[AxisKind, ...] = ("saved_model", "lora_weight", "prompt", "seed")
"""Kinds whose values stand in fields of their own, so that an axis need not repeat them."""
SWEEP_VALUE = "sweep_value"
"""Stands for saved models: those of the runs of a sweep that have the values."""
SHOWN = 12
"""Names told to somebody who typed one that is not there."""


def typed_axis(
    kind: AxisKind, typed: str, listed: Mapping[str, Sequence[str | float]], where: str
) -> Axis:
    """Make an axis of what was typed.

    Args:
        kind: one of `AXIS_KINDS`.
        typed: values by comma, in quotes where one has a comma; ranges such as `1-10 (+3)` and
            `0-1.5 [7]` where the kind has numbers. Not read for `LISTED` kinds.
        listed: values of the `LISTED` kinds.
        where: names the field in a fault, such as `--x`.

    Raises:
        FaultsError: ranges that are empty or endless, and no value at all. What is no value of
            its kind is kept as text: the plan names it together with all others.
    """
    if kind in LISTED:
        return Axis(kind, tuple(listed.get(kind, ())))
    if kind in TEXTS:
        values: tuple[str | float, ...] = tuple(split(typed))
        if not values:
            raise FaultsError(where, [f"there is no {TEXTS[kind]}: name one at least"])
        return Axis(kind, values)
    return Axis(kind, typed_numbers(typed, where, whole=kind in WHOLE))


def named_axes(
    typed: Mapping[str, str], listed: Mapping[str, Sequence[str | float]], mark: str = ""
) -> tuple[Axis, Axis, Axis | None]:
    """The three axes of texts such as `cfg=1-15 (+2)` and `saved_model`.

    Args:
        typed: `x`, `y` and perhaps `z` -> kind, and values for kinds that are not `LISTED`; a kind
            whose values were chosen elsewhere, such as `sweep_value`, is put into `saved_model`.
        listed: values of the `LISTED` kinds.
        mark: stands before the name of an axis in a fault, such as `--`.

    Raises:
        FaultsError: everything that cannot be read, and kinds that there are not.
    """
    found: dict[str, Axis] = {}
    faults: list[str] = []
    for name in "xyz":
        kind, _, values = typed.get(name, "").partition("=")
        kind = "saved_model" if kind.strip() == SWEEP_VALUE else kind.strip()
        if not kind and name == "z":
            continue
        where = f"{mark}{name}"
        if kind not in AXIS_KINDS:
            known = ", ".join((*AXIS_KINDS, SWEEP_VALUE))
            faults.append(f"{where}: there is no kind {kind!r}: choose one of {known}")
            continue
        try:
            found[name] = typed_axis(cast(AxisKind, kind), values, listed, where)
        except FaultsError as error:
            faults += [f"{where}: {fault}" for fault in error.faults]
    if faults:
        raise FaultsError("These axes cannot be drawn", faults)
    return found["x"], found["y"], found.get("z")


def swept_values(typed: Iterable[str]) -> list[str] | None:
    """What an axis of sweep values names; None without such an axis, empty for the whole sweep."""
    for text in typed:
        kind, _, values = text.partition("=")
        if kind.strip() == SWEEP_VALUE:
            return split(values)
    return None


def typed_numbers(typed: str, where: str, *, whole: bool = False) -> tuple[str | float, ...]:
    """Read numbers and ranges; what is no number stays as text.

    Raises:
        FaultsError: ranges that are empty or endless, and nothing typed.
    """
    try:
        values = expanded(split(typed))
    except ValueError as error:
        raise FaultsError(where, str(error).splitlines()) from None
    return tuple(_number(value, whole) for value in values)


def split(typed: str) -> list[str]:
    """Parts between commas, semicolons and line ends; quotes keep a comma in its part."""
    lines = typed.replace(";", "\n").splitlines()
    parts = [part.strip() for row in csv.reader(lines, skipinitialspace=True) for part in row]
    return [part for part in parts if part]


def checked_plan(
    plan: GridPlan, known: Mapping[str, Collection[str]], weights: int = 1
) -> GridPlan:
    """The plan, if it can be drawn: the one check that tab, API and shell pass.

    Args:
        plan: made of what was typed; its axis of checkpoints holds paths that are there.
        known: kind of axis -> names there are where pictures are painted.
        weights: how many LoRA weights were typed.

    Raises:
        FaultsError: everything that is wrong.
    """
    faults = plan_faults(plan)
    if weights > 1 and not plan.axis("lora_weight"):
        faults.append(f"{weights} LoRA weights are typed and no axis shows them: type one")
    faults += naming_faults(plan, {k: names for k, names in known.items() if k != "checkpoint"})
    if faults:
        raise FaultsError("This grid cannot be drawn", faults)
    return plan


def naming_faults(plan: GridPlan, known: Mapping[str, Collection[str]]) -> list[str]:
    """Name every value of an axis, and of the plan itself, that names nothing.

    Args:
        plan: to be painted.
        known: kind of axis -> names there are; kinds that are left out are not looked at.
    """
    given: dict[AxisKind, str] = {"sampler": plan.sampler_name, "vae": plan.vae}
    faults = [
        _unknown("the form", kind, given[kind], known[kind])
        for kind in given
        if kind in known and given[kind] and not plan.axis(kind) and given[kind] not in known[kind]
    ]
    for name, axis in zip("xyz", plan.axes, strict=False):
        names = known.get(axis.kind)
        if names is not None:
            faults += [
                _unknown(f"axis {name}", axis.kind, value, names)
                for value in axis.values
                if value not in names
            ]
    return faults


def _unknown(where: str, kind: str, value: object, names: Collection[str]) -> str:
    listed = ", ".join(sorted(names)[:SHOWN]) or "none"
    more = ", ..." if len(names) > SHOWN else ""
    return f"{where} names the {TEXTS[kind]} {value!r}, which is not there (known: {listed}{more})"


def _number(value: str, whole: bool) -> str | float:
    number = number_of(value)
    if number is None:
        return value
    return int(number) if whole and number == int(number) else number
