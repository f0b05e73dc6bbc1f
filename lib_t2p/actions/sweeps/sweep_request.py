"""What a person asks for, made into a checked sweep."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lib_t2p.actions.submitting import dataset_version
from lib_t2p.errors import InputError
from lib_t2p.files import slug
from lib_t2p.settings import load_recipe, recipe_folders
from lib_t2p.sweeps import (
    Mode,
    Point,
    ReadySweep,
    Repeated,
    Sweep,
    axis_of,
    checked_sweep,
    load_ready,
)
from lib_t2p.workspace import PersonFolder, Workspace

DEFAULT_RECIPE = "guide-final"


@dataclass(frozen=True)
class SweepRequest:
    """What a form or a shell gives.

    Attributes:
        checkpoint: base checkpoint; empty when an axis names them.
        name: of the sweep; made of what differs when empty.
        ready: name of a ready sweep, which gives recipe, axes and mode.
        recipe: name of a recipe; the ready sweep's, else `guide-final`, when empty.
        overrides: settings that differ from the recipe in every run.
        axes: option, member or place -> values; they replace the ready sweep's of that name.
        mode: None takes the ready sweep's.
        repeats: None takes the ready sweep's.
        repeated: None takes the ready sweep's.
        dataset: version; the newest when None.
        photo_repeats: 0 keeps the dataset's own; None takes the ready sweep's.
        trainer: who trains.
    """

    checkpoint: str = ""
    name: str = ""
    ready: str = ""
    recipe: str = ""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    axes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    mode: Mode | None = None
    repeats: int | None = None
    repeated: Repeated | None = None
    dataset: int | None = None
    photo_repeats: int | None = None
    trainer: str = "builtin"

    def typed_values(self) -> list[dict[str, Any]]:
        """Every value that was given, by its name, so that a host can check the paths in it."""
        axes = [{name: value} for name, values in self.axes.items() for value in values]
        return [{"checkpoint": self.checkpoint}, dict(self.overrides), *axes]


def sweep_from(workspace: Workspace, person: PersonFolder, request: SweepRequest) -> Sweep:
    """Make a checked sweep of a request; nothing is written.

    A seed is drawn when neither the recipe nor the overrides have one, so that all runs share it.

    Raises:
        InputError: no such recipe, ready sweep or dataset, or values that must be given lack.
        SettingsError: all faults of the axes.
        WorkspaceError: the name has no letter or digit.
    """
    ready = load_ready(request.ready) if request.ready else None
    _refuse_missing(ready, request)
    recipe = request.recipe or (ready.recipe if ready else DEFAULT_RECIPE)
    axes = {axis.name: axis for axis in (ready.axes if ready else ())}
    axes |= {name: axis_of(name, list(values)) for name, values in request.axes.items()}
    settings = dict(load_recipe(recipe, recipe_folders(workspace)).values)
    settings |= {**(ready.settings if ready else {}), **request.overrides}
    if settings.get("seed") in (None, ""):
        settings["seed"] = secrets.randbelow(2**31)
    photo_repeats = ready.photo_repeats if ready else 0
    if request.photo_repeats is not None:
        photo_repeats = request.photo_repeats
    names = [axis.short_name for axis in axes.values()] or ["repeats"]
    title = ready.title if ready else request.name or " and ".join(names)
    sweep = Sweep(
        id=request.name and slug(request.name),
        person=person.slug,
        title=title,
        description=ready.description if ready else "",
        recipe=recipe,
        base=Point(settings, request.dataset or 0, request.checkpoint, photo_repeats),
        axes=tuple(axes.values()),
        mode=request.mode or (ready.mode if ready else "product"),
        repeats=request.repeats or (ready.repeats if ready else 1),
        repeated=request.repeated or (ready.repeated if ready else "every"),
    )
    base = replace(
        sweep.base,
        dataset=dataset_version(person, request.dataset).number,
        trainer=request.trainer,
    )
    name = sweep.id or _free_id(person, request.ready or "-".join(names))
    return checked_sweep(replace(sweep, id=name, base=base), _dataset_faults(person, sweep))


def _dataset_faults(person: PersonFolder, sweep: Sweep) -> list[str]:
    """Datasets on an axis that are not there."""
    known = [str(version.number) for version in person.datasets()]
    named = [
        str(c.changes["dataset"]) for a in sweep.axes for c in a.choices if a.name == "dataset"
    ]
    missing = [number for number in named if number.isdecimal() and number not in known]
    if not missing:
        return []
    return [f"{person.slug} has no dataset {', '.join(missing)}: there are {', '.join(known)}"]


def _refuse_missing(ready: ReadySweep | None, request: SweepRequest) -> None:
    lacking = [n for n in (ready.needs if ready else {}) if n not in request.axes]
    if ready and lacking:
        told = "; ".join(f"--axis {name}=...: {ready.needs[name]}" for name in lacking)
        raise InputError(f"The sweep {ready.title!r} compares what you give it: {told}.")
    if not request.checkpoint and "checkpoint" not in request.axes:
        raise InputError("No base checkpoint is named: give its path.")


def _free_id(person: PersonFolder, wanted: str) -> str:
    name, number = wanted, 1
    while person.sweep(name).record.exists():
        number += 1
        name = f"{wanted} {number}"
    return slug(name)
