"""What may be compared in a grid, and values that people type for its axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from lib_t2p.actions.host import Host, checkpoint_path, known_names
from lib_t2p.errors import FaultsError, InputError, T2PError
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
from lib_t2p.runs import Run, SavedModel, read_run, saved_models
from lib_t2p.workspace import GridFolder, PersonFolder, RunFolder


@dataclass(frozen=True)
class KnownModel:
    """A saved model of a person with its run."""

    folder: RunFolder
    run: Run
    model: SavedModel

    def as_tested(self, labels: Mapping[str, str] | None = None) -> GridModel:
        """The model as a grid names it.

        Args:
            labels: stem -> what people read; run and epoch for models that it does not name.
        """
        model = self.model
        label = f"{self.folder.id} epoch {model.epoch}"
        label = labels.get(model.stem, label) if labels else label
        return GridModel(model.path, model.stem, label, self.folder.id, model.epoch)


def known_models(person: PersonFolder) -> dict[str, KnownModel]:
    """All saved models by stem; the run that was changed last comes first, epochs in order."""
    found: dict[str, KnownModel] = {}
    for folder in sorted(person.runs(), key=_changed, reverse=True):
        try:
            run = read_run(folder)
        except T2PError:
            continue
        found |= {saved.stem: KnownModel(folder, run, saved) for saved in saved_models(folder)}
    return found


def _changed(folder: RunFolder) -> float:
    return max((saved.path.stat().st_mtime for saved in saved_models(folder)), default=0.0)


WEIGHTS = (0.6, 0.8, 1.0)
"""LoRA weights at which files are compared that were made elsewhere."""

NONE = "none"
"""Typed for an empty value, such as no regularisation images."""


def axes_from(texts: Sequence[str]) -> dict[str, list[Any]]:
    """Read `SETTING=V1,V2`; with a `|` in it, that parts the values.

    Raises:
        FaultsError: every text that has no `=` or no setting.
    """
    axes: dict[str, list[Any]] = {}
    faults = []
    for text in texts:
        name, mark, values = text.partition("=")
        if not mark or not name.strip():
            faults.append(f"{text!r} is not SETTING=VALUE,VALUE")
            continue
        parts = values.split("|" if "|" in values else ",")
        axes.setdefault(name.strip(), []).extend(_value(part.strip()) for part in parts)
    if faults:
        raise FaultsError("What differs", faults)
    return axes


def _value(text: str) -> str:
    return "" if text == NONE else text


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
