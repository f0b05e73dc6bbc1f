"""Submitting jobs, several of which may need each other: all of them are queued or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib_t2p.errors import JobError
from lib_t2p.jobs.job import ONLY_OVER, Job, Lane, to_record
from lib_t2p.jobs.job_reading import record_faults
from lib_t2p.jobs.job_rows import JobRows
from lib_t2p.jobs.kinds import lane_of


@dataclass(frozen=True)
class Submission:
    """A job to be.

    Attributes:
        kind: which function does it.
        params: what the function is given; JSON.
        person: folder name of the person.
        needs: ids of jobs that must be finished first, an id with `ONLY_OVER` behind it however
            it ends; a number is the place of an earlier one among those submitted together.
        start_at: Unix seconds before which it does not begin.
        lane: who may take it; None for the kind's own.
    """

    kind: str
    params: Mapping[str, Any]
    person: str = ""
    needs: Sequence[str | int] = ()
    start_at: float | None = None
    lane: Lane | None = None


def submitted(
    rows: JobRows, wanted: Sequence[Submission], now: float, *, once: bool = False
) -> list[Job]:
    """Add jobs; gives them in the same order, failed at once where a need has failed already.

    Args:
        rows: within a transaction that writes.
        wanted: what is to be queued.
        now: Unix seconds.
        once: whether nothing is queued while the same job waits or works.

    Raises:
        JobError: a need or a kind does not exist, a text cannot be written, or `once` forbids it.
    """
    if once:
        _refuse_twice(rows, wanted)
    jobs: list[Job] = []
    for one in wanted:
        needs = tuple(jobs[need].id if isinstance(need, int) else need for need in one.needs)
        for need in needs:
            rows.get(need.removesuffix(ONLY_OVER))
        job = Job(
            id=rows.next_id(),
            kind=one.kind,
            lane=one.lane or lane_of(one.kind),
            params=dict(one.params),
            person=one.person,
            needs=needs,
            created=now,
            rank=rows.next_rank(),
            start_at=one.start_at,
        )
        faults = record_faults(to_record(job))
        if faults:
            raise JobError(f"This {one.kind} cannot be queued: {'; '.join(faults)}.")
        jobs.append(rows.add(job))
    rows.settle(jobs)
    return [rows.get(job.id) for job in jobs]


def _refuse_twice(rows: JobRows, wanted: Sequence[Submission]) -> None:
    for one in wanted:
        for other in rows.active(one.person, one.kind):
            if other.params == dict(one.params):
                raise JobError(
                    f"The same job ({one.kind}) is at work already as {other.id}: wait or stop it."
                )
