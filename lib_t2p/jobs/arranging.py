"""Changes to what waits: another order, another time, once more."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from lib_t2p.errors import JobError
from lib_t2p.jobs.job import ONLY_OVER, Job, JobState
from lib_t2p.jobs.job_rows import JobRows

Place = Literal["front", "back", "up", "down", "before"]
BAD_ENDS = (JobState.FAILED, JobState.STOPPED, JobState.LOST)


def waiting_job(rows: JobRows, job_id: str) -> Job:
    """A job that never began.

    Raises:
        JobError: it began or is over, or there is none.
    """
    job = rows.get(job_id)
    if job.state is not JobState.QUEUED or job.started is not None:
        raise JobError(
            f"Job {job.id} ({job.kind}) does not wait any more ({job.state.value}): only jobs "
            "that have not begun can be moved or given a time."
        )
    return job


def moved(rows: JobRows, job: Job, to: Place, other: str = "") -> list[Job]:
    """Give a waiting job another place; gives the jobs of its lane in the new order.

    Raises:
        JobError: the job or `other` does not wait, or they are of different lanes.
    """
    waiting_job(rows, job.id)
    before = rows.waiting(job.lane)
    after = [one for one in before if one.id != job.id]
    after.insert(_index(rows, before, job, to, other), job)
    ranks = sorted(one.rank for one in before)
    return [
        one if one.rank == rank else rows.save(replace(one, rank=rank))
        for one, rank in zip(after, ranks, strict=True)
    ]


def _index(rows: JobRows, before: list[Job], job: Job, to: Place, other: str) -> int:
    """Where the job goes in the list without it."""
    ids = [one.id for one in before]
    now = ids.index(job.id)
    if to == "front":
        return 0
    if to == "back":
        return len(ids) - 1
    if to in ("up", "down"):
        return min(max(now + (1 if to == "down" else -1), 0), len(ids) - 1)
    target = waiting_job(rows, other)
    if target.lane != job.lane or target.id == job.id:
        raise JobError(
            f"Job {job.id} ({job.lane}) cannot be moved before {target.id} ({target.lane}): name "
            "another job of the same kind of device."
        )
    ids.remove(job.id)
    return ids.index(target.id)


def retried(rows: JobRows, job: Job, now: float) -> list[Job]:
    """Submit a badly ended job anew, with the jobs that ended only because of it.

    Raises:
        JobError: the job is not over, or ended well.
    """
    if job.state not in BAD_ENDS:
        raise JobError(
            f"Job {job.id} ({job.kind}) is {job.state.value}: only a job that failed, was stopped "
            "or lost can be tried again."
        )
    new_ids: dict[str, str] = {}
    new = []
    for old in rows.since(job, BAD_ENDS):
        if old.id == job.id or _fell_with(old, new_ids):
            again = _fresh(rows, old, new_ids, now)
            new_ids[old.id] = again.id
            new.append(rows.add(again))
    rows.settle(new)
    return [rows.get(one.id) for one in new]


def _fell_with(job: Job, retried_ids: dict[str, str]) -> bool:
    ended_unbegun = job.state in BAD_ENDS and job.started is None
    return ended_unbegun and any(need in retried_ids for need in job.needs)


def _fresh(rows: JobRows, old: Job, new_ids: dict[str, str], now: float) -> Job:
    def renamed(need: str) -> str:
        bare = need.removesuffix(ONLY_OVER)
        return need.replace(bare, new_ids.get(bare, bare))

    return Job(
        id=rows.next_id(),
        kind=old.kind,
        lane=old.lane,
        params=old.params,
        person=old.person,
        needs=tuple(renamed(need) for need in old.needs),
        created=now,
        rank=rows.next_rank(),
    )
