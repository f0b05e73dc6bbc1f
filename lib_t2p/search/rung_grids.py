"""The grid by which a search compares its runs at a rung."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lib_t2p import jobs
from lib_t2p.errors import JobError
from lib_t2p.grids import GridPlan, chain_of, looked_plan, queue_grid, read_plan, write_plan
from lib_t2p.grids.axes import GridModel
from lib_t2p.painting import ComparedPictures
from lib_t2p.runs import SavedModel
from lib_t2p.scores import mean_distances
from lib_t2p.scores.verdict import read_scores
from lib_t2p.sweeps import Sweep
from lib_t2p.workspace import GridFolder, PersonFolder, SweepFolder

KINDS = ("grid.plan", "grid.cells", "grid.scores")


def models_grid(
    person: PersonFolder,
    sweep: Sweep,
    look: ComparedPictures,
    models: Sequence[tuple[str, str, SavedModel]],
) -> GridPlan:
    """Saved models side by side at one LoRA weight.

    Args:
        person: whose grid it is.
        sweep: gives dataset and base checkpoint.
        look: how all pictures are painted.
        models: run's folder name, label, saved model.
    """
    shown = tuple(
        GridModel(path=m.path, stem=m.stem, label=label, run=run, epoch=m.epoch)
        for run, label, m in models
    )
    return looked_plan(
        person.slug,
        sweep.base.dataset,
        sweep.base.checkpoint,
        look,
        shown,
        (look.lora_weight,),
    )


def search_grid(place: SweepFolder, cohort: int, rung: int) -> GridFolder:
    """Where the runs of a cohort are compared at a rung; both count from 0."""
    return place.person.grid_of(place.id, f"search {cohort + 1}-{rung + 1}")


def scored_search_grids(place: SweepFolder) -> list[GridFolder]:
    """The grids by which a search compared its runs, those after the shortest training first."""
    prefix = search_grid(place, 0, 0).id.removesuffix("1-1")
    found = (grid for grid in place.person.grids() if grid.id.startswith(prefix))
    scored = (grid for grid in found if grid.scores.exists())
    return sorted(scored, key=lambda grid: int(grid.id.rpartition("-")[2]))


def advance_grid(
    queue: jobs.Queue,
    person: PersonFolder,
    grid: GridFolder,
    plan: GridPlan,
    asked: Collection[str],
) -> list[jobs.Job]:
    """See to it that a grid gets painted and scored; gives the jobs that are still to end.

    Args:
        queue: of the workspace.
        person: whose grid it is.
        grid: where it lies.
        plan: written when the grid has none yet.
        asked: jobs that were waited for: one of them that failed is not tried again by itself.

    Raises:
        JobError: a link of the chain failed or was stopped; says why.
    """
    if not grid.plan.exists():
        write_plan(grid, plan)
    chain = chain_of(queue, person, grid)
    dead = [job for job in chain if job.is_over and job.state is not jobs.JobState.FINISHED]
    if failed := next((job for job in dead if job.id in asked), None):
        raise JobError(f"The pictures by which runs are compared failed: {failed.reason}")
    if len(chain) < len(KINDS) or dead:
        chain = queue_grid(queue, person, grid, kinds=KINDS)
    return [job for job in chain if not job.is_over]


def scores_of(grid: GridFolder) -> dict[str, float]:
    """Stem of each saved model -> mean distance."""
    return mean_distances(read_plan(grid), read_scores(grid))
