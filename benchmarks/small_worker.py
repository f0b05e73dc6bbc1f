"""Does queued jobs in this process, one after the other, without worker or painter processes."""

from __future__ import annotations

from lib_t2p.diffusion.painter import DiffusersPainter
from lib_t2p.grids.cells.painting_cells import paint_cells
from lib_t2p.jobs.job import JobState
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import JobFunction, perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import Workspace


def do_all(workspace: Workspace) -> None:
    """Do every job that is queued, and those that they queue.

    Raises:
        RuntimeError: a job failed; names it and why.
    """
    queue = Queue(workspace)
    queue.recover()
    painter = DiffusersPainter(workspace.loras)
    table: dict[str, JobFunction] = {
        **JOB_FUNCTIONS,
        "grid.cells": lambda job: _paint(job, painter),
    }
    while (job := queue.claim(["light", "gpu", "paint"], "benchmark")) is not None:
        ended = perform(JobContext(job, workspace, queue), table[job.kind])
        if ended.state is JobState.FAILED:
            raise RuntimeError(f"{job.kind} {job.params} failed: {ended.reason}")


def _paint(context: JobContext, painter: DiffusersPainter) -> dict[str, int]:
    params = context.job.params
    grid = context.workspace.person(str(params["person"])).grid(str(params["grid"]))
    return {"painted": paint_cells(grid, painter, context).painted}
