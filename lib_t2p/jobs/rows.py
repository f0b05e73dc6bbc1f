"""Jobs inside one transaction: rows, `job.json` in step with them, and what follows from an end."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lib_t2p.errors import JobError
from lib_t2p.files import write_record
from lib_t2p.jobs.events import Event, Failed, Finished, StoppedEvent
from lib_t2p.jobs.job import ONLY_OVER, SCHEMA, Job, JobState, Lane, from_row, to_record, to_row
from lib_t2p.jobs.pausing import HELD_LANES, Pause, read_pause
from lib_t2p.jobs.rebuild import insert_job
from lib_t2p.workspace import Workspace

_QUEUE_ORDER = "state = 'stopping' DESC, started IS NOT NULL DESC, rank, seq"


class JobRows:
    """Reads and writes jobs within one transaction.

    Attributes:
        told: events to be written once the transaction holds.
    """

    def __init__(
        self, connection: sqlite3.Connection, workspace: Workspace, clock: Callable[[], float]
    ) -> None:
        self._connection = connection
        self._workspace = workspace
        self._clock = clock
        self.told: list[tuple[Job, Event]] = []

    def get(self, job_id: str) -> Job:
        """One job; raises `JobError` when there is none."""
        found = self._select("id = ?", [job_id])
        if not found:
            raise JobError(f"There is no job {job_id!r}: see `t2p.py jobs` for those that exist.")
        return found[0]

    def since(self, job: Job, states: Sequence[JobState]) -> list[Job]:
        """A job and those submitted after it, of these states, oldest first."""
        here = "seq >= (SELECT seq FROM jobs WHERE id = ?)"
        return self._select(f"{here} AND {_any_of('state', states)}", [job.id, *states])

    def ready(self, lanes: Sequence[Lane], reserved: Collection[str] = ()) -> list[Job]:
        """Jobs of these lanes that wait for nobody, in the order of the queue.

        What began already comes first, since its trainer may still be at work; for the same
        reason it keeps its device, and a pause or a time does not hold it.

        Args:
            lanes: from which a job may come.
            reserved: devices of others; what began there is left to them.
        """
        waiting = "(state = 'queued' OR (state = 'stopping' AND owner_pid IS NULL))"
        found = self._select(f"{waiting} AND {_any_of('lane', lanes)}", list(lanes), _QUEUE_ORDER)
        pause = read_pause(self._workspace, self._clock()) if found else None
        return [
            job
            for job in found
            if job.device not in reserved
            and (job.state is JobState.STOPPING or self._may_begin(job))
            and not self._is_held(job, pause)
        ]

    def waiting(self, lane: Lane) -> list[Job]:
        """Jobs of a lane that never began, in the order of the queue."""
        return self._select(
            "state = 'queued' AND started IS NULL AND lane = ?", [lane], _QUEUE_ORDER
        )

    def next_rank(self) -> float:
        """A place behind all others."""
        row = self._connection.execute("SELECT coalesce(max(rank), 0) + 1 FROM jobs").fetchone()
        return float(row[0])

    def next_id(self) -> str:
        """An id that sorts behind all others of this clock: UTC second and a running number."""
        row = self._connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM jobs").fetchone()
        number = int(row[0])
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(self._clock()))
        while self._workspace.job(f"{stamp}-{number:05d}").record.exists():
            number += 1
        return f"{stamp}-{number:05d}"

    def add(self, job: Job) -> Job:
        """Insert a new job and write its record."""
        insert_job(self._connection, job)
        write_record(self._workspace.job(job.id).record, SCHEMA, to_record(job))
        return job

    def save(self, job: Job) -> Job:
        """Write a changed job to row and record."""
        row = to_row(job)
        assignments = ", ".join(f"{name} = :{name}" for name in row)
        self._connection.execute(f"UPDATE jobs SET {assignments} WHERE id = :id", row)
        write_record(self._workspace.job(job.id).record, SCHEMA, to_record(job))
        return job

    def tell(self, job: Job, event: Event) -> None:
        """Have an event written once the transaction holds."""
        self.told.append((job, event))

    def end(
        self, job: Job, state: JobState, reason: str, result: Mapping[str, Any] | None = None
    ) -> Job:
        """Bring a job to its end, and with it the waiting jobs that can't begin any more.

        Raises:
            JobError: it is over already.
        """
        if job.is_over:
            raise JobError(f"Job {job.id} is over already ({job.state.value}).")
        ended = self.save(
            replace(
                job,
                state=state,
                reason=reason,
                result=dict(result or {}),
                ended=self._clock(),
                owner="",
                owner_process=None,
            )
        )
        self.tell(ended, _last_event(ended))
        if state is not JobState.FINISHED:
            waiting = self._select("state = 'queued'", [])
            self.settle([other for other in waiting if job.id in other.needs])
        return ended

    def settle(self, jobs: Iterable[Job]) -> None:
        """End those waiting jobs that need one which ended otherwise than well."""
        for job in jobs:
            # An earlier turn of this loop may have ended it through another of its needs.
            current = self.get(job.id)
            broken = self._broken_need(current)
            if broken is not None and not current.is_over:
                self.end(current, *_end_because_of(broken))

    def _broken_need(self, job: Job) -> Job | None:
        """The job at the root of a chain's end: what a person wants to know of."""
        for need in self._needs(job):
            if need.is_over and need.state is not JobState.FINISHED:
                return self._broken_need(need) or need
        return None

    def _needs(self, job: Job) -> list[Job]:
        return [self.get(need) for need in job.needs if not need.endswith(ONLY_OVER)]

    def _may_begin(self, job: Job) -> bool:
        awaited = [self.get(n[: -len(ONLY_OVER)]) for n in job.needs if n.endswith(ONLY_OVER)]
        finished = all(need.state is JobState.FINISHED for need in self._needs(job))
        return finished and all(need.is_over for need in awaited)

    def _is_held(self, job: Job, pause: Pause | None) -> bool:
        if job.started is not None:
            return False
        early = job.start_at is not None and job.start_at > self._clock()
        return early or (pause is not None and job.lane in HELD_LANES)

    def _select(self, where: str, values: Sequence[Any], order: str = "seq") -> list[Job]:
        query = f"SELECT * FROM jobs WHERE {where} ORDER BY {order}"
        return [from_row(row) for row in self._connection.execute(query, values)]


def _end_because_of(need: Job) -> tuple[JobState, str]:
    named = f"{need.kind} (job {need.id})"
    if need.state is JobState.STOPPED:
        return JobState.STOPPED, f"Stopped because {named}, which it needs, was stopped."
    word = "was lost" if need.state is JobState.LOST else "failed"
    return JobState.FAILED, f"It needs {named}, which {word}: {need.reason}"


def _last_event(job: Job) -> Event:
    at = job.ended or 0.0
    if job.state is JobState.FINISHED:
        return Finished(at, job.result)
    if job.state is JobState.STOPPED:
        return StoppedEvent(at, job.reason)
    return Failed(at, job.reason)


def _any_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})"
