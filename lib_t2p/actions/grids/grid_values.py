"""Values that people type to add them to a grid that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from lib_t2p.actions.grids.grid_models import known_models
from lib_t2p.actions.host import Host, checkpoint_path, known_names
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.grids import (
    GridPlan,
    naming_faults,
    read_plan,
    split,
    typed_axis,
    typed_numbers,
    with_values,
)
from lib_t2p.grids.axes import AXIS_KINDS, Axis, AxisKind, GridModel
from lib_t2p.workspace import GridFolder, PersonFolder

Added = tuple[AxisKind, tuple[str | float, ...], tuple[GridModel, ...]]
"""Kind, values and, for saved models, the models."""


def added_values(
    host: Host, person: PersonFolder, grid: GridFolder, kind: str, typed: str
) -> Added:
    """Read and check what is to be added.

    Args:
        host: whose checkpoints, samplers and VAEs may be named.
        person: whose grid it is.
        grid: that gets the values.
        kind: one of `AXIS_KINDS`.
        typed: as the values of an axis; prompts one a line; saved models by stem.

    Raises:
        InputError: the grid cannot take such values, or they name no saved model.
        FaultsError: all values that are wrong.
    """
    if kind not in AXIS_KINDS:
        raise InputError(f"There is no kind {kind!r}: choose one of {', '.join(AXIS_KINDS)}.")
    chosen = cast(AxisKind, kind)
    plan = read_plan(grid)
    models = _models(person, typed) if chosen == "saved_model" else ()
    values = tuple(m.stem for m in models) or _values(host, chosen, typed)
    grown = with_values(plan, chosen, values, models)
    refuse_unknown(known_names(host), plan, grown)
    return chosen, values, models


def _values(host: Host, kind: AxisKind, typed: str) -> tuple[str | float, ...]:
    if kind == "prompt":
        return tuple(line.strip() for line in typed.splitlines() if line.strip())
    if kind in ("seed", "lora_weight"):
        return typed_numbers(typed, kind, whole=kind == "seed")
    return with_paths(typed_axis(kind, typed, {}, kind), host, kind).values


def _models(person: PersonFolder, typed: str) -> tuple[GridModel, ...]:
    known = known_models(person)
    stems = split(typed)
    unknown = [stem for stem in stems if stem not in known]
    if unknown or not stems:
        named = ", ".join(unknown) or "none given"
        raise InputError(f"No such saved models of {person.slug}: {named}.")
    return tuple(known[stem].as_tested() for stem in dict.fromkeys(stems))


def refuse_unknown(known: Mapping[str, Sequence[str]], before: GridPlan, after: GridPlan) -> None:
    """Refuse names that are not there; those that a grid was drawn with are let through.

    Args:
        known: kind of axis -> names there are; checkpoints are not looked at.
        before: the plan as it was drawn.
        after: with further values.

    Raises:
        FaultsError: all of them.
    """
    names = {kind: names for kind, names in known.items() if kind != "checkpoint"}
    for axis in before.axes:
        if axis.kind in names:
            names[axis.kind] = [*names[axis.kind], *map(str, axis.values)]
    for kind, own in (("sampler", before.sampler_name), ("vae", before.vae)):
        if kind in names:
            names[kind] = [*names[kind], own]
    faults = naming_faults(after, names)
    if faults:
        raise FaultsError("These values cannot be added", faults)


def with_paths(axis: Axis, host: Host, words: str) -> Axis:
    """The axis with paths in place of titles of checkpoints; raises `FaultsError` naming all."""
    if axis.kind != "checkpoint":
        return axis
    paths, faults = [], []
    for value in axis.values:
        try:
            paths.append(str(checkpoint_path(host, str(value))))
        except InputError as error:
            faults.append(str(error))
    if faults:
        raise FaultsError(words, faults)
    return Axis(axis.kind, tuple(paths))
