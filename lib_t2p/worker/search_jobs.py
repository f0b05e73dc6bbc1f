"""The job of a search; each one ends with the next, which waits for what was queued."""

from __future__ import annotations

from typing import Any

from lib_t2p.jobs import ACTIVE, ONLY_OVER, Job, JobContext
from lib_t2p.worker.params import param, person_of

KIND = "search.step"


def search_job(context: JobContext) -> dict[str, Any]:
    """`search.step` {person, sweep, asked?} -> {waits} or {best, distance, trials}."""
    from lib_t2p.search import SearchStep

    person = person_of(context)
    sweep = str(param(context, "sweep"))
    asked = [str(job) for job in context.job.params.get("asked", ())]
    step = SearchStep(context, person.sweep(sweep), asked)
    jobs = [job.id for job in step.advance()]
    params: dict[str, Any] = {"person": person.slug, "sweep": sweep}
    if jobs:
        # After a crash the next step may be there already.
        if not _others(context, sweep):
            context.queue.submit(
                KIND,
                {**params, "asked": jobs},
                person=person.slug,
                needs=[job + ONLY_OVER for job in jobs],
            )
        return {"waits": len(jobs)}
    context.queue.submit("train.sweep_page", params, person=person.slug)
    return step.outcome()


def _others(context: JobContext, sweep: str) -> list[Job]:
    found = context.queue.jobs(states=ACTIVE, person=context.job.person, kind=KIND)
    return [j for j in found if j.params.get("sweep") == sweep and j.id != context.job.id]
