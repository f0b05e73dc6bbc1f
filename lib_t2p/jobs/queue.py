"""The queue of jobs: SQLite for speed and locking, one folder per job so that nothing is lost."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from lib_t2p.errors import JobError, WorkspaceError
from lib_t2p.jobs.arranging import Place, moved, retried, waiting_job
from lib_t2p.jobs.database import Database
from lib_t2p.jobs.deaths import MOST_DEATHS, deaths_after
from lib_t2p.jobs.events import Event, EventReader, Started, append_event
from lib_t2p.jobs.finding import (
    Wanted,
    active_ids,
    count_jobs,
    ended_jobs,
    find_jobs,
    jobs_in_order,
    newest_jobs,
    newest_of_each,
)
from lib_t2p.jobs.job import ACTIVE, ONLY_OVER, Job, JobState, Lane, StopWhen
from lib_t2p.jobs.processes import ProcessRecord, current_process, is_alive
from lib_t2p.jobs.rows import JobRows
from lib_t2p.workspace import Workspace

__all__ = ["ACTIVE", "MOST_DEATHS", "ONLY_OVER", "Job", "JobState", "Lane", "Queue", "StopWhen"]

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Queue:
    """The jobs of a workspace; any number of processes may hold one.

    Args:
        workspace: where database and job folders lie.
        clock: Unix seconds.

    Raises:
        WorkspaceError: the workspace lies on a network drive, or cannot be written.
        NewerSchemaError: a newer version made the database.
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.time) -> None:
        self._workspace = workspace
        self._clock = clock
        self._database = Database(workspace)

    def submit(
        self,
        kind: str,
        params: Mapping[str, Any],
        *,
        lane: Lane,
        person: str = "",
        needs: Sequence[str] = (),
        start_at: float | None = None,
    ) -> Job:
        """Add a job. One whose need has failed already is failed at once.

        Args:
            kind: which function does it.
            params: what the function is given; JSON.
            lane: who may take it.
            person: folder name of the person.
            needs: ids of jobs that must be finished first; an id with `ONLY_OVER` behind it is
                waited for however it ends.
            start_at: Unix seconds before which it does not begin.

        Raises:
            JobError: a need does not exist.
        """

        def work(rows: JobRows) -> Job:
            for need in needs:
                rows.get(need.removesuffix(ONLY_OVER))
            job = Job(
                id=rows.next_id(),
                kind=kind,
                lane=lane,
                params=dict(params),
                person=person,
                needs=tuple(needs),
                created=self._clock(),
                rank=rows.next_rank(),
                start_at=start_at,
            )
            rows.add(job)
            rows.settle([job])
            return rows.get(job.id)

        return self._write(work)

    def get(self, job_id: str) -> Job:
        """One job.

        Raises:
            JobError: there is none with this id.
        """
        return self._read(lambda rows: rows.get(job_id))

    def jobs(
        self,
        states: Iterable[JobState] | None = None,
        person: str | None = None,
        kind: str | Collection[str] | None = None,
        about: Mapping[str, str | int] | None = None,
    ) -> list[Job]:
        """Jobs that have all that is given, oldest first.

        A queue that was used for long holds thousands: ask for those that matter, or for the
        `newest`.

        Args:
            states: any of these.
            person: folder name.
            kind: this, or any of these.
            about: name -> value among the parameters, such as `{"run": "first"}`.
        """
        wanted = Wanted.of(states, person, kind, about)
        return self._database.read(lambda connection: find_jobs(connection, wanted))

    def newest(
        self,
        count: int,
        *,
        states: Iterable[JobState] | None = None,
        person: str | Collection[str] | None = None,
        kind: str | Collection[str] | None = None,
        about: Mapping[str, str | int] | None = None,
        before: str = "",
    ) -> list[Job]:
        """At most `count` jobs that have all that is given (see `jobs`), newest first.

        Args:
            count: jobs on a page.
            states: any of these.
            person: folder name of this or any of these people.
            kind: this, or any of these.
            about: among the parameters.
            before: id of the last job of the page before; only older ones are given.

        Raises:
            JobError: there is no job `before`.
        """
        if before:
            self.get(before)
        wanted = Wanted.of(states, person, kind, about)
        return self._database.read(
            lambda connection: newest_jobs(connection, wanted, count, before)
        )

    def newest_of_each(self, key: str, person: str, kind: str | Collection[str]) -> list[Job]:
        """The newest job of each kind and each value of the parameter `key`, newest first.

        What is not over is given too, even when a newer one of its kind and value is there.
        """
        wanted = Wanted.of(person=person, kind=kind)
        return self._database.read(lambda connection: newest_of_each(connection, wanted, key))

    def ended(self, count: int, skipped: int = 0) -> list[Job]:
        """At most `count` jobs that are over, what ended last first, after `skipped` of them."""
        return self._database.read(lambda connection: ended_jobs(connection, count, skipped))

    def in_order(self, most: int) -> list[Job]:
        """The first `most` jobs that are not over: what began, then what waits, in its order."""
        return self._database.read(lambda connection: jobs_in_order(connection, most))

    def active_ids(self) -> set[str]:
        """Ids of all jobs that are not over."""
        return self._database.read(active_ids)

    def counts(self, person: str | None = None) -> dict[JobState, int]:
        """How many jobs are in each state; states without any are left out."""
        wanted = Wanted.of(person=person)
        return self._database.read(lambda connection: count_jobs(connection, wanted))

    def request_stop(self, job_id: str, when: StopWhen = "now") -> Job:
        """Stop a job: at once while it waits (with all that need it), else as wished.

        Args:
            job_id: whose end is wanted.
            when: `now` at its next check, `after_save` once the next model or state is saved. The
                later wish holds, but `after_save` never takes a `now` back.
        """

        def work(rows: JobRows) -> Job:
            job = rows.get(job_id)
            if job.state is JobState.QUEUED and job.started is None:
                return rows.end(job, JobState.STOPPED, "Stopped before it began.")
            if job.is_over or (job.state is JobState.STOPPING and job.stop != "after_save"):
                return job
            return rows.save(replace(job, state=JobState.STOPPING, stop=when))

        return self._write(work)

    def move(self, job_id: str, to: Place, other: str = "") -> list[Job]:
        """Give a waiting job another place among those of its lane; gives their new order.

        Args:
            job_id: which.
            to: `front`, `back`, `up` or `down` by one, or `before` another one.
            other: id of that one.

        Raises:
            JobError: one of them does not exist, began already or is of another lane.
        """
        return self._write(lambda rows: moved(rows, rows.get(job_id), to, other))

    def start_at(self, job_id: str, when: float | None) -> Job:
        """Let a waiting job begin not before `when` (Unix seconds), or as soon as can be.

        Raises:
            JobError: it began already, or is over.
        """
        return self._write(
            lambda rows: rows.save(replace(waiting_job(rows, job_id), start_at=when))
        )

    def retry(self, job_id: str) -> list[Job]:
        """Submit anew a job that ended badly, with those that ended because of it.

        Returns:
            The new jobs; the first does what `job_id` did.

        Raises:
            JobError: it is not over, or ended well.
        """
        return self._write(lambda rows: retried(rows, rows.get(job_id), self._clock()))

    def ready(self, lanes: Iterable[Lane], reserved: Collection[str] = ()) -> list[Job]:
        """Jobs that `claim` could give now, in the order of the queue."""
        wanted = tuple(lanes)
        return self._read(lambda rows: rows.ready(wanted, reserved))

    def claim(
        self,
        lanes: Iterable[Lane],
        owner: str,
        device: str = "",
        reserved: Collection[str] = (),
        only: str = "",
    ) -> Job | None:
        """Take the first job whose needs are finished, for the calling process.

        A job that was being stopped when its process died is given in the state `stopping`, so
        that what it left running can be stopped.

        Args:
            lanes: from which a job may come.
            owner: label for people, such as `worker 4711`.
            device: which the job is to use; empty when it needs none.
            reserved: devices of other lanes; what began there is left to them.
            only: id of the job that is meant; nothing is taken when it is not the first any more.
        """
        wanted = tuple(lanes)

        def work(rows: JobRows) -> Job | None:
            ready = rows.ready(wanted, reserved)
            if not ready or only not in ("", ready[0].id):
                return None
            job = ready[0]
            stopping = job.state is JobState.STOPPING
            taken = replace(
                job,
                state=JobState.STOPPING if stopping else JobState.RUNNING,
                started=job.started if job.started is not None else self._clock(),
                owner=owner,
                owner_process=current_process(),
                device=device or job.device,
            )
            rows.tell(taken, Started(self._clock(), owner))
            return rows.save(taken)

        return self._write(work) if self.ready(wanted, reserved) else None

    def finish(self, id: str, result: Mapping[str, Any]) -> Job:
        """End a job well.

        Raises:
            JobError: it is over already.
        """
        return self._end(id, JobState.FINISHED, "", result)

    def fail(self, id: str, reason: str) -> Job:
        """End a job badly, with all that need it; `reason` is a sentence for people."""
        return self._end(id, JobState.FAILED, reason)

    def stopped(self, id: str, reason: str) -> Job:
        """End a job that was asked to stop, with all that need it."""
        return self._end(id, JobState.STOPPED, reason)

    def requeue(self, id: str) -> Job:
        """Give a job back unfinished, for the next process; no death is counted."""
        return self._write(lambda rows: _given_back(rows, rows.get(id)))

    def recover(self) -> list[Job]:
        """Give back the jobs whose process died; gives them as they are now.

        A job is lost once `MOST_DEATHS` of its processes died and none got further.
        """
        running = (JobState.RUNNING, JobState.STOPPING)
        orphans = [job for job in self.jobs(states=running) if _is_orphan(job.owner_process)]
        if not orphans:
            return []
        told = {job.id: self._events(job) for job in orphans}

        def work(rows: JobRows) -> list[Job]:
            now = [(seen, rows.get(seen.id)) for seen in orphans]
            return [
                _survived(rows, job, told[job.id])
                for seen, job in now
                if not job.is_over and job.owner_process == seen.owner_process
            ]

        return self._write(work)

    def _events(self, job: Job) -> list[Event]:
        try:
            return EventReader(self._workspace.job(job.id).events).read_new()
        except OSError:
            _log.exception("job %s", job.id)
            return []

    def _end(
        self, job_id: str, state: JobState, reason: str, result: Mapping[str, Any] | None = None
    ) -> Job:
        return self._write(lambda rows: rows.end(rows.get(job_id), state, reason, result))

    def _read(self, work: Callable[[JobRows], _T]) -> _T:
        return self._database.read(lambda connection: work(self._rows(connection)))

    def _write(self, work: Callable[[JobRows], _T]) -> _T:
        def all_of_it(connection: sqlite3.Connection) -> tuple[_T, list[tuple[Job, Event]]]:
            rows = self._rows(connection)
            return work(rows), rows.told

        answer, told = self._database.write(all_of_it)
        for job, event in told:
            try:
                append_event(self._workspace.job(job.id).events, event)
            except WorkspaceError:
                # The change itself holds; a claim must not be lost for a line about it.
                _log.exception("job %s", job.id)
        return answer

    def _rows(self, connection: sqlite3.Connection) -> JobRows:
        return JobRows(connection, self._workspace, self._clock)


def _is_orphan(process: ProcessRecord | None) -> bool:
    return process is not None and not is_alive(process)


def _given_back(rows: JobRows, job: Job) -> Job:
    if job.is_over:
        raise JobError(f"Job {job.id} is over already ({job.state.value}).")
    stopping = job.state is JobState.STOPPING
    state = JobState.STOPPING if stopping else JobState.QUEUED
    return rows.save(replace(job, state=state, owner="", owner_process=None))


def _survived(rows: JobRows, job: Job, told: list[Event]) -> Job:
    counted = replace(job, deaths=deaths_after(job.deaths, told))
    if counted.deaths < MOST_DEATHS:
        return _given_back(rows, counted)
    return rows.end(
        counted,
        JobState.LOST,
        f"The process that worked on it died {counted.deaths} times: see log.txt in the folder "
        f"of job {job.id}, and whether the computer has enough memory.",
    )
