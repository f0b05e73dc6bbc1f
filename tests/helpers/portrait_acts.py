"""What tests do with portraits beside a host that paints: the worker's jobs are done here."""

from __future__ import annotations

import time
from collections.abc import Callable

from lib_t2p.jobs.job import ACTIVE
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.request import CellRequest
from lib_t2p.portraits import series_chain as chain
from lib_t2p.portraits.choices import Choices, write_choices
from lib_t2p.portraits.inputs import with_inputs_kept
from lib_t2p.portraits.plan import PortraitPlan, write_portraits
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import PersonFolder, Workspace
from lib_t2p.workspace.series_folders import PortraitsFolder, portraits_folder

LIMIT_SECONDS = 300.0
WILD = "{trigger} {red|blue}, __style/framing__ <width:{64|128}>"
"""A prompt with variants, a wildcard of ours and a setting of each picture."""


def plan_of(person: PersonFolder, checkpoint: str, prompt: str, count: int) -> PortraitPlan:
    """Pictures of 64 x 64 px in one step, two at once."""
    request = CellRequest(
        prompt, 7, checkpoint, steps=1, sampler_name="Euler a", width=64, height=64
    )
    return PortraitPlan(person.slug, 0, request, count=count, batch=2)


def paint(
    workspace: Workspace, person: PersonFolder, name: str, plan: PortraitPlan
) -> PortraitsFolder:
    """Do the worker's jobs until the series is over; the host does the painter's."""
    series, queue = portraits_folder(person, name), Queue(workspace)
    write_portraits(series, with_inputs_kept(series, plan))
    write_choices(series, Choices())
    chain.queue_first(queue, person, series, 1)
    _work_until(queue, workspace, lambda: not chain.jobs_of(queue, person, series, ACTIVE))
    return series


def reasons(workspace: Workspace) -> list[str]:
    """Why jobs did not end well."""
    return [f"{job.kind}: {job.reason}" for job in Queue(workspace).jobs() if job.reason]


def _work_until(queue: Queue, workspace: Workspace, is_over: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT_SECONDS
    while not is_over():
        job = queue.claim(["light"], "worker")
        if job is not None:
            perform(JobContext(job, workspace, queue), JOB_FUNCTIONS[job.kind])
        assert time.monotonic() < end, [(j.kind, j.state, j.reason) for j in queue.jobs()]
