"""Ending a night's training in time for the pictures and the report."""

from __future__ import annotations

import statistics

from lib_t2p.actions import outlook_of_stop, stop_job
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.grids import MOST_MODELS, ready_prompts
from lib_t2p.jobs import Job, JobState, Queue
from lib_t2p.nights.stages.night_runs import is_sweep, run_jobs, sweep_of
from lib_t2p.nights.stages.stage_context import StageContext
from lib_t2p.painting import ComparedPictures
from lib_t2p.scores import MOST
from lib_t2p.scores.verdict import MIN_SEEDS

BELL = "overnight.bell"
SECONDS_PER_PICTURE = 5.0
"""Where nothing was painted yet: 25 steps at 512 px on a consumer card, loading included."""
SPARE = 1.2
RECENT = 50
"""Newest paintings that tell the pace."""
"""Pictures may take so much longer than they took before."""
REPORT_SECONDS = 120.0
"""For scores and pages."""


def ring_in_time(at: StageContext) -> None:
    """Queue the job that ends the training so early that the report is there in time."""
    if at.night.finish_by is None or "bell" in at.state.jobs:
        return
    when = at.night.finish_by - seconds_for(at.context.queue, pictures_of(at))
    params = {"person": at.night.person, "night": at.folder.id}
    job = at.context.queue.submit(
        BELL, params, person=at.night.person, start_at=max(when, at.night.created)
    )
    at.keep(jobs={**at.state.jobs, "bell": (job.id,)})


def end_training(at: StageContext, now: float) -> int:
    """Stop what still trains: after its next save where the time allows, else now.

    Args:
        at: the night.
        now: Unix seconds.

    Returns:
        How many jobs were stopped.
    """
    queue = at.context.queue
    steps = sweep_actions.search_steps(queue, sweep_of(at)) if is_sweep(at) else []
    running = [job for job in run_jobs(at) if not job.is_over]
    for job in steps:
        queue.request_stop(job.id)
    # From the last to the first, so that no waiting run begins meanwhile.
    for job in reversed(running):
        stop_job(at.workspace, job.id, "after_save" if _saves_soon(at, job, now) else "now")
    if running:
        at.note(
            f"The time was up while {len(running)} run{'s' if len(running) != 1 else ''} still "
            "trained or waited: the verdict is among what was saved by then."
        )
    return len(running)


def seconds_for(queue: Queue, pictures: int) -> float:
    """Seconds until pictures are painted, scored and reported, as painting went here before."""
    paces = []
    for job in queue.newest(RECENT, kind="grid.cells", states=[JobState.FINISHED]):
        painted = int(job.result.get("painted") or 0)
        if painted and job.started and job.ended:
            paces.append((job.ended - job.started) / painted)
    pace = statistics.median(paces) if paces else SECONDS_PER_PICTURE
    return pictures * pace * SPARE + REPORT_SECONDS


def pictures_of(at: StageContext) -> int:
    """Pictures that follow the training, those without LoRA included."""
    look = at.night.look or ComparedPictures()
    judged = (at.night.models * len(at.night.weights) + 1) * look.pictures
    again = (MOST + 1) * len(look.prompts) * max(len(look.seeds), MIN_SEEDS)
    prompts = sum(map(len, ready_prompts().values()))
    return judged + again + (MOST_MODELS + 1) * prompts


def _saves_soon(at: StageContext, job: Job, now: float) -> bool:
    """Whether the next model is saved within a tenth of what is left of the night."""
    if job.state is not JobState.RUNNING or at.night.finish_by is None:
        return False
    outlook = outlook_of_stop(at.workspace, job.id)
    if outlook is None or outlook.seconds is None:
        return False
    return outlook.seconds <= (at.night.finish_by - now) / 10
