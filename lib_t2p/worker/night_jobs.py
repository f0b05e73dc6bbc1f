"""The jobs of a night."""

from __future__ import annotations

from typing import Any

from lib_t2p.errors import StopRequested
from lib_t2p.jobs import ACTIVE, ONLY_OVER, JobContext
from lib_t2p.worker.params import param, person_of

KIND = "overnight.step"


def step_job(context: JobContext) -> dict[str, Any]:
    """`overnight.step` {person, night} -> {waits} or {report, verdict}."""
    from lib_t2p.nights.stages import StageContext, advance

    at = StageContext(context, person_of(context).night(str(param(context, "night"))))
    try:
        jobs = advance(at)
    except StopRequested:
        at.keep(end="stopped", reason="You stopped it.")
        raise
    if not jobs:
        return {"report": str(at.folder.report), "verdict": at.state.result.get("sentence", "")}
    params = {"person": at.night.person, "night": at.folder.id}
    queued = context.queue.jobs(states=ACTIVE, person=at.night.person, kind=KIND)
    # After a crash the next step may be there already.
    if not [job for job in queued if job.params == params and job.id != context.job.id]:
        needs = [job.id + ONLY_OVER for job in jobs]
        context.queue.submit(KIND, params, person=at.night.person, needs=needs)
    return {"waits": len(jobs)}


def bell_job(context: JobContext) -> dict[str, Any]:
    """`overnight.bell` {person, night} -> {stopped}: the time for training is up."""
    from lib_t2p.nights.stages import StageContext, end_training

    at = StageContext(context, person_of(context).night(str(param(context, "night"))))
    return {"stopped": 0 if at.state.end else end_training(at, context.clock())}
