"""Saved models that were written while their run had collapsed, marked wherever they are shown.

A run's own folder says which epochs these are; `training` writes it, and here it is only read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lib_t2p.errors import T2PError
from lib_t2p.files import read_record
from lib_t2p.grids.grid_plan import GridPlan
from lib_t2p.workspace import GridFolder, PersonFolder

SCHEMA = 1
WORD = "collapse"


@dataclass(frozen=True)
class Stretch:
    """Epochs of a run, from 1, that are worse than the rest, and why, in a sentence."""

    first: int
    last: int
    message: str


def marked_stems(plan: GridPlan, grid: GridFolder) -> dict[str, Stretch]:
    """The saved models of a plan that come from such epochs, by stem."""
    stretches = _stretches(plan, grid)
    return {
        model.stem: stretch
        for model in plan.models
        for stretch in stretches.get(model.run, ())
        if stretch.first <= model.epoch <= stretch.last
    }


def shown_plan(plan: GridPlan, grid: GridFolder) -> GridPlan:
    """The plan with its marks in the models' names: for reading, never to be written."""
    marked = marked_stems(plan, grid)
    if not marked:
        return plan
    models = tuple(
        replace(model, label=f"{model.title} ({WORD})") if model.stem in marked else model
        for model in plan.models
    )
    return replace(plan, models=models)


def mark_notes(plan: GridPlan, grid: GridFolder) -> tuple[str, ...]:
    """One sentence for each run with marked models."""
    marked = marked_stems(plan, grid)
    told: dict[str, list[str]] = {}
    for model in plan.models:
        if model.stem in marked:
            told.setdefault(marked[model.stem].message, []).append(model.title)
    return tuple(
        f"{', '.join(titles)}: saved in a collapse of the training. {message}"
        for message, titles in told.items()
    )


def _stretches(plan: GridPlan, grid: GridFolder) -> Mapping[str, tuple[Stretch, ...]]:
    person = PersonFolder(grid.root.parent.parent)
    runs = dict.fromkeys(model.run for model in plan.models if model.run and model.epoch)
    return {run: _read(person, run) for run in runs}


def _read(person: PersonFolder, run: str) -> tuple[Stretch, ...]:
    """Nothing where the file is missing or odd: marks are extra."""
    try:
        told = read_record(person.run(run).marks, SCHEMA)["stretches"]
        return tuple(
            Stretch(int(one["epochs"][0]), int(one["epochs"][1]), str(one["message"]))
            for one in told
        )
    except (T2PError, KeyError, IndexError, TypeError, ValueError):
        return ()
