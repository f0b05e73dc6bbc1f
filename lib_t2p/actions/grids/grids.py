"""Grids that are there: going on with them, further values, where each one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lib_t2p.actions.submitting import known_person
from lib_t2p.errors import InputError, T2PError
from lib_t2p.grids import KINDS, GridPlan, links_of, read_plan, with_values, write_plan
from lib_t2p.grids.axes import AxisKind, GridModel
from lib_t2p.jobs import ACTIVE, Job, JobState, Queue, submit
from lib_t2p.portraits import picture_stem
from lib_t2p.workspace import GridFolder, PersonFolder, Workspace

State = Literal["waiting", "at work", "finished", "stopped", "failed", "not drawn"]


@dataclass(frozen=True)
class GridState:
    """Where a grid stands.

    Attributes:
        id: of the grid.
        state: of its newest chain of jobs.
        painted: pictures on disk.
        cells: pictures that it will have; 0 before it is planned or when its plan is damaged.
        reason: why it failed or stopped; empty otherwise.
    """

    id: str
    state: State
    painted: int
    cells: int
    reason: str = ""


def queue_chain(
    workspace: Workspace, folder: PersonFolder, grid: GridFolder, *, needs: Sequence[str] = ()
) -> list[Job]:
    """Queue plan, cells, scores and report of a grid whose plan is written.

    Args:
        workspace: where the person lives.
        folder: of the person.
        grid: of the person.
        needs: jobs that the first one waits for.

    Raises:
        JobError: the grid is at work already.
    """
    return submit(workspace, *links_of(folder, grid, needs=needs))


def continue_grid(workspace: Workspace, person: str, grid_id: str) -> list[Job]:
    """Draw what a grid still lacks; pictures that are painted stay.

    Raises:
        InputError: there is no such grid, or it is at work.
    """
    folder, grid = _known(workspace, person, grid_id)
    _not_at_work(workspace, folder, grid)
    return queue_chain(workspace, folder, grid)


def add_to_grid(
    workspace: Workspace,
    person: str,
    grid_id: str,
    kind: AxisKind,
    values: Sequence[str | float],
    models: Sequence[GridModel] = (),
) -> tuple[GridPlan, list[Job]]:
    """Add values to a grid and queue it again: only the new cells are painted.

    Arguments are those of `generation.adding.with_values`.

    Raises:
        InputError: there is no such grid, it is at work, or it cannot take the values.
        FaultsError: all faults of the values.
    """
    folder, grid = _known(workspace, person, grid_id)
    plan = with_values(read_plan(grid), kind, values, models)
    _not_at_work(workspace, folder, grid)
    write_plan(grid, plan)
    return plan, queue_chain(workspace, folder, grid)


def grid_states(workspace: Workspace, folder: PersonFolder) -> list[GridState]:
    """Where each grid of a person stands, in the order of their names."""
    newest: dict[str, dict[str, Job]] = {}
    for job in reversed(Queue(workspace).newest_of_each("grid", folder.slug, KINDS)):
        newest.setdefault(str(job.params.get("grid")), {})[job.kind] = job
    return [state_of(grid, list(newest.get(grid.id, {}).values())) for grid in folder.grids()]


def state_of(grid: GridFolder, chain: Sequence[Job]) -> GridState:
    """Where one grid stands.

    Args:
        grid: of any age.
        chain: the newest job of each link.
    """
    wrong = next((j for j in chain if j.state in (JobState.FAILED, JobState.LOST)), None)
    stopped = any(job.state is JobState.STOPPED for job in chain)
    active = [job for job in chain if job.state in ACTIVE]
    if any(job.state is not JobState.QUEUED for job in active):
        state: State = "at work"
    elif wrong or stopped:
        state = "failed" if wrong else "stopped"
    elif active:
        state = "waiting"
    else:
        state = "finished" if grid.report.exists() else "not drawn"
    painted = sum(1 for _ in grid.cells.glob("*.png")) if grid.cells.is_dir() else 0
    return GridState(grid.id, state, painted, _cell_count(grid), wrong.reason if wrong else "")


def same_grid_at_work(workspace: Workspace, folder: PersonFolder, plan: GridPlan) -> str:
    """The grid at work that was made from this very plan; empty when there is none."""
    for job in Queue(workspace).jobs(states=ACTIVE, person=folder.slug, kind=KINDS):
        grid = folder.grid(str(job.params["grid"]))
        try:
            other = read_plan(grid)
        except T2PError:
            continue
        if replace(other, start="") == replace(plan, start="") and _same_start(other, plan):
            return grid.id
    return ""


def _same_start(kept: GridPlan, asked: GridPlan) -> bool:
    """The kept copy is named after what the picture shows."""
    if not (kept.start and asked.start):
        return kept.start == asked.start
    try:
        return Path(kept.start).stem == picture_stem(Path(asked.start))
    except InputError:
        return False


def _cell_count(grid: GridFolder) -> int:
    try:
        return read_plan(grid).cell_count
    except T2PError:
        return 0


def _known(workspace: Workspace, person: str, grid_id: str) -> tuple[PersonFolder, GridFolder]:
    folder = known_person(workspace, person)
    grid = folder.grid(grid_id)
    if not grid.plan.exists():
        known = ", ".join(one.id for one in folder.grids()) or "none yet"
        raise InputError(f"{folder.slug} has no grid named {grid_id!r}: there are {known}.")
    return folder, grid


def _not_at_work(workspace: Workspace, folder: PersonFolder, grid: GridFolder) -> None:
    about = {"grid": grid.id}
    if Queue(workspace).jobs(states=ACTIVE, person=folder.slug, kind=KINDS, about=about):
        raise InputError(f"{grid.id} is at work: wait for it or stop it first.")
