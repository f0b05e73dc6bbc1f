"""What a report is about, and which grids show it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lib_t2p.errors import InputError, T2PError
from lib_t2p.files import slug
from lib_t2p.grids import GridPlan, read_plan, sets_in
from lib_t2p.runs import read_run
from lib_t2p.scores import ENDING, confirmation_grid
from lib_t2p.scores.verdict import MIN_SEEDS
from lib_t2p.search import scored_search_grids
from lib_t2p.sweeps import expand, made_runs, read_sweep
from lib_t2p.workspace import GridFolder, PersonFolder, RunFolder, SweepFolder, load_person

About = Literal["person", "run", "sweep"]
ABOUT: tuple[About, ...] = get_args(About)


@dataclass(frozen=True)
class Scope:
    """What a report is about.

    Attributes:
        person: whose LoRAs they are.
        title: of the page.
        page: where it is written.
        runs: that it tells of.
        sweep: that they belong to; None otherwise.
        everything: whether grids without any of these runs belong to it too.
    """

    person: PersonFolder
    title: str
    page: Path
    runs: tuple[RunFolder, ...]
    sweep: SweepFolder | None = None
    everything: bool = False


@dataclass(frozen=True)
class ScoredGrid:
    """A grid with scores."""

    folder: GridFolder
    plan: GridPlan

    @property
    def scored(self) -> float:
        """When, in Unix seconds."""
        return self.folder.scores.stat().st_mtime


def scope_of(person: PersonFolder, about: About, name: str = "") -> Scope:
    """Find what a report is about.

    Args:
        person: whose LoRAs they are.
        about: a person, or one of the person's runs or sweeps.
        name: folder name of the run or sweep.

    Raises:
        InputError: there is no such person, run or sweep.
        T2PError: the sweep's file is damaged.
    """
    who = load_person(person).name
    if about == "person":
        return Scope(person, who, person.report, tuple(person.runs()), everything=True)
    if about == "run":
        run = person.run(name)
        title = f"{who}: {read_run(run).name}"
        return Scope(person, title, run.report, (run,))
    sweep = person.sweep(name)
    if not sweep.record.exists():
        known = ", ".join(one.id for one in person.sweeps()) or "none yet"
        raise InputError(f"There is no sweep {name!r}: choose one of {known}.")
    title = f"{who}: {read_sweep(sweep).title}"
    return Scope(person, title, sweep.page, tuple(names_of_runs(sweep)), sweep)


def names_of_runs(sweep: SweepFolder) -> dict[RunFolder, str]:
    """The runs of a sweep that were made -> their names within it."""
    made = made_runs(sweep)
    found = ((made.folder_of(run), run.name) for run in expand(read_sweep(sweep)))
    return {folder: name for folder, name in found if folder}


def scored_grids(scope: Scope) -> list[ScoredGrid]:
    """Grids that show models of the scope, the oldest scores first; damaged ones are left out."""
    runs = {run.id for run in scope.runs}
    found = []
    for folder in scope.person.grids():
        if folder.id.endswith(f"-{slug(ENDING)}") or not folder.scores.exists():
            continue
        try:
            plan = read_plan(folder)
        except T2PError:
            continue
        if scope.everything or any(model.run in runs for model in plan.models):
            found.append(ScoredGrid(folder, plan))
    return sorted(found, key=lambda grid: grid.scored)


def verdict_grid(scope: Scope) -> GridFolder | None:
    """The grid whose verdict counts: confirmed on fresh seeds, else with enough, else newest."""

    def weight(grid: ScoredGrid) -> tuple[bool, bool, float]:
        again = confirmation_grid(scope.person, grid.folder).scores.exists()
        return again, len(grid.plan.seeds) >= MIN_SEEDS, grid.scored

    found = scored_grids(scope)
    return max(found, key=weight).folder if found else None


def prompts_grid(scope: Scope) -> GridFolder | None:
    """The newest grid with ready prompts."""
    return next((g.folder for g in reversed(scored_grids(scope)) if sets_in(g.plan)), None)


def effects_grid(scope: Scope) -> GridFolder | None:
    """The grid by which settings are compared: of a search that of all runs, else the widest."""
    if scope.sweep is None:
        return None
    if searched := scored_search_grids(scope.sweep):
        return searched[0]
    runs = {run.id for run in scope.runs}

    def shown(grid: ScoredGrid) -> tuple[int, int, float]:
        count = len({model.run for model in grid.plan.models} & runs)
        return count, len(grid.plan.seeds), grid.scored

    found = scored_grids(scope)
    return max(found, key=shown).folder if found else None
