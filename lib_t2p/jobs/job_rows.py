"""Jobs inside one transaction: rows, `job.json` in step with them, and what follows from an end."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lib_t2p.errors import JobError, WorkspaceError
from lib_t2p.jobs.events.events import Event
from lib_t2p.jobs.job import ACTIVE, Job, JobState, Lane
from lib_t2p.jobs.job_reading import from_row, to_row
from lib_t2p.jobs.job_record import (
    keep_record,
    last_event,
    publish_record,
    remove_record,
    writer_of_last,
)
from lib_t2p.jobs.needs import End, end_of_broken
from lib_t2p.jobs.pausing import HELD_LANES, read_pause
from lib_t2p.jobs.processes.processes import is_alive
from lib_t2p.jobs.rebuild import insert_job
from lib_t2p.workspace import Workspace

_log = logging.getLogger(__name__)
BLOCKED = """(needs != '[]' AND EXISTS (
    SELECT 1 FROM json_each(CASE WHEN json_valid(jobs.needs) THEN jobs.needs ELSE '[]' END) AS need
    LEFT JOIN jobs AS other ON other.id = rtrim(need.value, '?')
    WHERE CASE WHEN need.value LIKE '%?' THEN other.state IN ('queued', 'running', 'stopping')
        ELSE other.state IS NOT 'finished' END))"""
"""Whether a need is not met; see `ONLY_OVER`. A damaged list is found when its job is read."""
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
        self._before: dict[str, Job | None] = {}
        self._after: dict[str, Job] = {}

    def find_one(self, job_id: str) -> Job | None:
        """One job, or None."""
        found = self._select("id = ?", [job_id])
        return found[0] if found else None

    def ids(self) -> set[str]:
        """Of all jobs."""
        return {str(row[0]) for row in self._connection.execute("SELECT id FROM jobs")}

    def untold(self) -> list[tuple[Job, str]]:
        """Jobs whose last event may be missing, with the process that was to write it."""
        query = "SELECT * FROM jobs WHERE untold != '' ORDER BY seq"
        return [(from_row(row), str(row["untold"])) for row in self._connection.execute(query)]

    def mark_told(self, job_ids: Iterable[str]) -> None:
        """The last events of these jobs are written."""
        self._connection.executemany(
            "UPDATE jobs SET untold = '' WHERE id = ?", [(one,) for one in job_ids]
        )

    def get(self, job_id: str) -> Job:
        """One job; raises `JobError` when there is none."""
        found = self.find_one(job_id)
        if found is None:
            raise JobError(f"There is no job {job_id!r}: see `t2p.py jobs` for those that exist.")
        return found

    def in_states(self, *states: JobState) -> list[Job]:
        """Jobs of these states, oldest first."""
        return self._select(_any_of("state", states), [state.value for state in states])

    def since(self, job: Job, states: Sequence[JobState]) -> list[Job]:
        """A job and those submitted after it, of these states, oldest first."""
        here = "seq >= (SELECT seq FROM jobs WHERE id = ?)"
        return self._select(f"{here} AND {_any_of('state', states)}", [job.id, *states])

    def ready(
        self, lanes: Sequence[Lane], reserved: Collection[str] = (), most: int = -1
    ) -> list[Job]:
        """Jobs of these lanes that wait for nobody, in the order of the queue.

        What began already comes first, since its trainer may still be at work; for the same
        reason it keeps its device, and a pause or a time does not hold it.

        Args:
            lanes: from which a job may come.
            reserved: devices of others; what began there is left to them.
            most: how many are given; all when negative.
        """
        now = self._clock()
        held = HELD_LANES if read_pause(self._workspace, now) else ()
        where = (
            "(state = 'queued' OR (state = 'stopping' AND owner_pid IS NULL)) "
            f"AND {_any_of('lane', lanes)} AND NOT {_any_of('device', reserved)} "
            f"AND (state = 'stopping' OR NOT {BLOCKED}) AND (started IS NOT NULL "
            f"OR ((start_at IS NULL OR start_at <= ?) AND NOT {_any_of('lane', held)}))"
        )
        return self._select(where, [*lanes, *reserved, now, *held, most], f"{_QUEUE_ORDER} LIMIT ?")

    def active(self, person: str, kind: str) -> list[Job]:
        """A person's jobs of a kind that are not over, oldest first."""
        states = [state.value for state in ACTIVE]
        where = f"person = ? AND kind = ? AND {_any_of('state', states)}"
        return self._select(where, [person, kind, *states])

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
        """Insert a new job and write a draft of its record, which nobody takes for a job."""
        self._before.setdefault(job.id, None)
        self._after[job.id] = job
        insert_job(self._connection, job)
        keep_record(self._workspace, job, draft=True)
        return job

    def take(self, job: Job, untold: str) -> Job:
        """Insert or change a job as its folder tells it."""
        self._connection.execute("DELETE FROM jobs WHERE id = ?", (job.id,))
        insert_job(self._connection, job, untold)
        return job

    def save(self, job: Job) -> Job:
        """Write a changed job to row and record."""
        if job.id not in self._before:
            self._before[job.id] = self.find_one(job.id)
        self._after[job.id] = job
        self._update(job)
        keep_record(self._workspace, job, draft=self._before[job.id] is None)
        return job

    def publish(self) -> None:
        """Give new jobs their records, now that the transaction holds."""
        for job_id, job in self._before.items():
            if job is None:
                publish_record(self._workspace, job_id)

    def undo(self, connection: sqlite3.Connection | None = None) -> None:
        """Give the jobs that were changed their former records.

        Args:
            connection: to a database that was rebuilt from the records since; its rows too.
        """
        for job_id, job in self._before.items():
            if connection is not None:
                connection.execute("DELETE FROM jobs WHERE id = ?", (job_id,))
            if job is None:
                remove_record(self._workspace, job_id)
                continue
            if connection is not None:
                insert_job(connection, job)
            try:
                keep_record(self._workspace, job)
            except WorkspaceError as error:
                _log.warning("the record of job %s is ahead: %s", job_id, error)

    def repeat(self, rows: JobRows) -> None:
        """Bring what was changed here into a database that was made meanwhile.

        Raises:
            JobError: another process took a job there that this one took here.
        """
        for job in self._after.values():
            found = rows.find_one(job.id)
            other = found.owner_process if found else None
            mine = job.owner_process
            if other and mine and other.pid != mine.pid and is_alive(other):
                raise JobError(f"Job {job.id} was taken by process {other.pid} meanwhile.")
            rows.take(job, writer_of_last() if job.is_over else "")

    def _update(self, job: Job) -> None:
        row = to_row(job)
        assignments = ", ".join(f"{name} = :{name}" for name in row)
        self._connection.execute(f"UPDATE jobs SET {assignments} WHERE id = :id", row)

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
        self.tell(ended, last_event(ended))
        self._connection.execute(
            "UPDATE jobs SET untold = ? WHERE id = ?", (writer_of_last(), job.id)
        )
        if state is not JobState.FINISHED:
            waiting = self.in_states(JobState.QUEUED)
            self.settle([other for other in waiting if job.id in other.needs])
        return ended

    def settle(self, jobs: Iterable[Job]) -> None:
        """End those waiting jobs that need one which ended otherwise than well."""
        for job in jobs:
            # An earlier turn of this loop may have ended it through another of its needs.
            current = self.get(job.id)
            broken = self._broken(current)
            if broken is not None and not current.is_over:
                self.end(current, broken.state, broken.reason)

    def _broken(self, job: Job) -> End | None:
        return end_of_broken(job, self.find_one)

    def _select(self, where: str, values: Sequence[Any], order: str = "seq") -> list[Job]:
        query = f"SELECT * FROM jobs WHERE {where} ORDER BY {order}"
        try:
            rows = self._connection.execute(query, values)
        except UnicodeEncodeError:
            return []  # a name with half a letter, which no job has
        return [from_row(row) for row in rows]


def _any_of(column: str, values: Collection[str]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})"
