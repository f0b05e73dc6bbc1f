"""The queue of jobs: SQLite for speed and locking, one folder per job so that nothing is lost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lib_t2p.jobs.arranging import Place, moved, retried, waiting_job
from lib_t2p.jobs.database import Database
from lib_t2p.jobs.events.events import Started
from lib_t2p.jobs.job import ACTIVE, ONLY_OVER, Job, JobState, Lane, StopWhen
from lib_t2p.jobs.job_rows import JobRows
from lib_t2p.jobs.job_search import (
    Wanted,
    active_ids,
    count_jobs,
    ended_jobs,
    find_jobs,
    jobs_in_order,
    newest_jobs,
    newest_of_each,
)
from lib_t2p.jobs.job_store import JobStore
from lib_t2p.jobs.processes.processes import current_process
from lib_t2p.jobs.recovery import MOST_DEATHS, AtWork, Recovery, given_back
from lib_t2p.jobs.submission import Submission, submitted
from lib_t2p.workspace import Workspace


def forget_jobs(workspace: Workspace, person: str) -> int:
    """Remove a person's jobs from the queue; gives how many. Their folders are the caller's.

    Args:
        workspace: whose queue it is.
        person: folder name of the person, none of whose jobs is active.
    """

    def work(connection: sqlite3.Connection) -> int:
        # Otherwise SQLite only marks the place as free, and the names stay in the file.
        connection.execute("PRAGMA secure_delete=ON")
        return connection.execute("DELETE FROM jobs WHERE person = ?", (person,)).rowcount

    return Database(workspace).write(work)


__all__ = ["ACTIVE", "MOST_DEATHS", "ONLY_OVER", "Job", "JobState", "Lane", "Queue", "StopWhen"]


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
        self._store = JobStore(workspace, clock)
        self._recovery = Recovery(self._store, workspace, clock)

    def submit(
        self,
        kind: str,
        params: Mapping[str, Any],
        *,
        person: str = "",
        needs: Sequence[str] = (),
        start_at: float | None = None,
        lane: Lane | None = None,
    ) -> Job:
        """Add a job. One whose need has failed already is failed at once.

        Args:
            kind: which function does it.
            params: what the function is given; JSON.
            person: folder name of the person.
            needs: ids of jobs that must be finished first; an id with `ONLY_OVER` behind it is
                waited for however it ends.
            start_at: Unix seconds before which it does not begin.
            lane: who may take it; None for the kind's own.

        Raises:
            JobError: a need does not exist, or a text of it cannot be written.
        """

        one = Submission(kind, params, person, needs, start_at, lane)
        return self.submit_all([one])[0]

    def submit_all(self, wanted: Sequence[Submission], *, once: bool = False) -> list[Job]:
        """Add jobs that belong together: whatever happens meanwhile, all are queued or none.

        Args:
            wanted: in the order in which they are queued; each may need those before it.
            once: whether nothing is queued while the same job waits or works.

        Raises:
            JobError: as `submit`, and where `once` forbids it.
        """
        return self._store.write(lambda rows: submitted(rows, wanted, self._clock(), once=once))

    def get(self, job_id: str) -> Job:
        """One job.

        Raises:
            JobError: there is none with this id.
        """
        return self._store.read(lambda rows: rows.get(job_id))

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
        return self._store.database.read(lambda connection: find_jobs(connection, wanted))

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
        return self._store.database.read(
            lambda connection: newest_jobs(connection, wanted, count, before)
        )

    def newest_of_each(self, key: str, person: str, kind: str | Collection[str]) -> list[Job]:
        """The newest job of each kind and each value of the parameter `key`, newest first.

        What is not over is given too, even when a newer one of its kind and value is there.
        """
        wanted = Wanted.of(person=person, kind=kind)
        return self._store.database.read(lambda connection: newest_of_each(connection, wanted, key))

    def ended(self, count: int, skipped: int = 0) -> list[Job]:
        """At most `count` jobs that are over, what ended last first, after `skipped` of them."""
        return self._store.database.read(lambda connection: ended_jobs(connection, count, skipped))

    def in_order(self, most: int) -> list[Job]:
        """The first `most` jobs that are not over: what began, then what waits, in its order."""
        return self._store.database.read(lambda connection: jobs_in_order(connection, most))

    def ids(self) -> set[str]:
        """Ids of all jobs."""
        return self._store.read(lambda rows: rows.ids())

    def active_ids(self) -> set[str]:
        """Ids of all jobs that are not over."""
        return self._store.database.read(active_ids)

    def counts(self, person: str | None = None) -> dict[JobState, int]:
        """How many jobs are in each state; states without any are left out."""
        wanted = Wanted.of(person=person)
        return self._store.database.read(lambda connection: count_jobs(connection, wanted))

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

        return self._store.write(work)

    def move(self, job_id: str, to: Place, other: str = "") -> list[Job]:
        """Give a waiting job another place among those of its lane; gives their new order.

        Args:
            job_id: which.
            to: `front`, `back`, `up` or `down` by one, or `before` another one.
            other: id of that one.

        Raises:
            JobError: one of them does not exist, began already or is of another lane.
        """
        return self._store.write(lambda rows: moved(rows, rows.get(job_id), to, other))

    def start_at(self, job_id: str, when: float | None) -> Job:
        """Let a waiting job begin not before `when` (Unix seconds), or as soon as can be.

        Raises:
            JobError: it began already, or is over.
        """
        return self._store.write(
            lambda rows: rows.save(replace(waiting_job(rows, job_id), start_at=when))
        )

    def retry(self, job_id: str) -> list[Job]:
        """Submit anew a job that ended badly, with those that ended because of it.

        Returns:
            The new jobs; the first does what `job_id` did.

        Raises:
            JobError: it is not over, or ended well.
        """
        return self._store.write(lambda rows: retried(rows, rows.get(job_id), self._clock()))

    def ready(
        self, lanes: Iterable[Lane], reserved: Collection[str] = (), most: int = -1
    ) -> list[Job]:
        """Jobs that `claim` could give now, in the order of the queue; all when `most` is -1."""
        wanted = tuple(lanes)
        return self._store.read(lambda rows: rows.ready(wanted, reserved, most))

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
            ready = rows.ready(wanted, reserved, 1)
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

        return self._store.write(work) if self.ready(wanted, reserved, 1) else None

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
        return self._store.write(lambda rows: given_back(rows, rows.get(id)))

    def recover(self, at_work: AtWork | None = None) -> list[Job]:
        """Mend what crashes and damage left (see `Recovery.recover`)."""
        return self._recovery.recover(at_work)

    def reconcile(self) -> None:
        """Bring database and folders together (see `Recovery.reconcile`)."""
        self._recovery.reconcile()

    def _end(
        self, job_id: str, state: JobState, reason: str, result: Mapping[str, Any] | None = None
    ) -> Job:
        return self._store.write(lambda rows: rows.end(rows.get(job_id), state, reason, result))
