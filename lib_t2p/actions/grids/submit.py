"""Submitting photos, datasets and grids: everything is checked here, before anything starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from lib_t2p.actions.grids.grids import queue_chain
from lib_t2p.actions.submitting import known_person, submit_job
from lib_t2p.dataset import DatasetOptions
from lib_t2p.errors import InputError
from lib_t2p.grids import GridPlan, refuse_misfits, write_plan
from lib_t2p.jobs import Job
from lib_t2p.portraits import keep_picture
from lib_t2p.typed_paths import is_there, shortened
from lib_t2p.workspace import GridFolder, Workspace


def submit_photos(workspace: Workspace, person: str, sources: Sequence[Path]) -> Job:
    """Import photos from files or folders.

    Raises:
        InputError: there is no such person, or a source does not exist.
    """
    folder = known_person(workspace, person)
    missing = [shortened(str(s)) for s in sources if not is_there(s)]
    if missing or not sources:
        named = ", ".join(missing[:5]) or "nothing"
        raise InputError(f"No photos at {named}: point at a folder or files that exist.")
    params = {"person": folder.slug, "sources": [str(s.absolute()) for s in sources]}
    return submit_job(workspace, "dataset.import", params, folder)


def submit_dataset(
    workspace: Workspace,
    person: str,
    options: DatasetOptions,
    *,
    needs: Sequence[str] = (),
) -> Job:
    """Build the next dataset version from the imported photos."""
    folder = known_person(workspace, person)
    params = {"person": folder.slug, "options": asdict(options)}
    return submit_job(workspace, "dataset.build", params, folder, needs=needs)


def submit_grid(
    workspace: Workspace, person: str, grid_id: str, plan: GridPlan, *, needs: Sequence[str] = ()
) -> list[Job]:
    """Queue a grid as the chain plan, cells, scores, report; gives the four jobs in that order.

    Raises:
        InputError: there is no such person, or a grid of that name is there already.
        FaultsError: the plan has faults, or models of another family than its checkpoint's.
    """
    folder = known_person(workspace, person)
    grid = refuse_taken(folder.grid(grid_id))
    refuse_misfits(plan)
    if plan.start:
        # A copy, so that further values can be painted when the original is gone.
        plan = replace(plan, start=str(keep_picture(grid.inputs, Path(plan.start))))
    write_plan(grid, plan)
    return queue_chain(workspace, folder, grid, needs=needs)


def refuse_taken(grid: GridFolder) -> GridFolder:
    """A new grid's folder; raises `InputError` when a grid of that name is there already."""
    if grid.plan.exists():
        raise InputError(f"A grid named {grid.id!r} exists already: choose another name.")
    return grid
