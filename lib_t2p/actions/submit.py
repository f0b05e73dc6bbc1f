"""Submitting jobs: everything is checked here, before anything starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.diffusion.families import recognise
from lib_t2p.errors import InputError, JobError
from lib_t2p.generation.plan import GridPlan, write_plan
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.jobs.starting import ensure_worker
from lib_t2p.people import load_person
from lib_t2p.training.recipes import load_recipe
from lib_t2p.training.runs import Run, create_run
from lib_t2p.training.settings import settings_from
from lib_t2p.workspace import DatasetFolder, PersonFolder, RunFolder, Workspace

ACTIVE = (JobState.QUEUED, JobState.RUNNING, JobState.STOPPING)
"""States of a job that is not over."""


def submit_photos(workspace: Workspace, person: str, sources: Sequence[Path]) -> Job:
    """Import photos from files or folders.

    Raises:
        InputError: there is no such person, or a source does not exist.
    """
    folder = _known_person(workspace, person)
    missing = [str(s) for s in sources if not s.exists()]
    if missing or not sources:
        named = ", ".join(missing) or "nothing"
        raise InputError(f"No photos at {named}: point at a folder or files that exist.")
    params = {"person": folder.slug, "sources": [str(s.absolute()) for s in sources]}
    return _submit(workspace, "dataset.import", params, folder)


def submit_dataset(
    workspace: Workspace,
    person: str,
    options: DatasetOptions,
    *,
    needs: Sequence[str] = (),
) -> Job:
    """Build the next dataset version from the imported photos."""
    folder = _known_person(workspace, person)
    params = {"person": folder.slug, "options": asdict(options)}
    return _submit(workspace, "dataset.build", params, folder, needs=needs)


def submit_run(
    workspace: Workspace,
    person: str,
    name: str,
    *,
    recipe: str,
    overrides: Mapping[str, Any],
    checkpoint: Path,
    dataset: int | None = None,
    trainer: str = "builtin",
) -> tuple[RunFolder, Job]:
    """Check settings, dataset and checkpoint, then queue the training.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        name: of the run; unique for the person.
        recipe: name of a preset or of a recipe file.
        overrides: settings that differ from the recipe, by sd-scripts' option names.
        checkpoint: base checkpoint file or diffusers folder.
        dataset: version number; the newest when None.
        trainer: who trains.

    Raises:
        SettingsError: all faults of the settings.
        CheckpointError: the base checkpoint cannot be used.
        InputError: no such person or dataset, or the run exists.
    """
    folder = _known_person(workspace, person)
    who = load_person(folder)
    settings = settings_from({**load_recipe(recipe).values, **overrides})
    recognise(checkpoint)
    run = Run(
        person=folder.slug,
        name=name,
        dataset=_dataset(folder, dataset).number,
        checkpoint=str(checkpoint.absolute()),
        trainer=trainer,
        settings=settings,
        trigger=who.trigger,
        class_word=who.class_word,
    )
    run_folder = create_run(folder, run)
    params = {"person": folder.slug, "run": run_folder.id}
    return run_folder, _submit(workspace, "train.run", params, folder, lane="gpu")


def submit_grid(workspace: Workspace, person: str, grid_id: str, plan: GridPlan) -> list[Job]:
    """Queue a grid as the chain plan, cells, scores, report; gives the four jobs in that order."""
    folder = _known_person(workspace, person)
    grid = folder.grid(grid_id)
    if grid.plan.exists():
        raise InputError(f"A grid named {grid.id!r} exists already: choose another name.")
    write_plan(grid, plan)
    params = {"person": folder.slug, "grid": grid.id}
    jobs: list[Job] = []
    for kind in ("grid.plan", "grid.cells", "grid.scores", "grid.report"):
        needs = [jobs[-1].id] if jobs else []
        lane = "paint" if kind == "grid.cells" else "light"
        jobs.append(_submit(workspace, kind, params, folder, lane=lane, needs=needs))
    return jobs


def _submit(
    workspace: Workspace,
    kind: str,
    params: Mapping[str, Any],
    folder: PersonFolder,
    *,
    lane: Any = "light",
    needs: Sequence[str] = (),
) -> Job:
    queue = Queue(workspace)
    for other in queue.jobs(states=ACTIVE, person=folder.slug, kind=kind):
        if other.params == dict(params):
            raise JobError(
                f"The same job ({kind}) is at work already as {other.id}: wait or stop it."
            )
    job = queue.submit(kind, dict(params), lane=lane, person=folder.slug, needs=tuple(needs))
    ensure_worker(workspace)
    return job


def _known_person(workspace: Workspace, person: str) -> PersonFolder:
    folder = workspace.person(person)
    load_person(folder)
    return folder


def _dataset(folder: PersonFolder, number: int | None) -> DatasetFolder:
    versions = folder.datasets()
    if not versions:
        raise InputError(f"{folder.slug} has no dataset yet: import photos and build one first.")
    if number is None:
        return versions[-1]
    for version in versions:
        if version.number == number:
            return version
    known = ", ".join(str(v.number) for v in versions)
    raise InputError(f"{folder.slug} has no dataset {number}: there are {known}.")
