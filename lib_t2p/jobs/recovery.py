"""Mending what crashes and damage left in the queue.

Database and job folders are brought together: each may have lost what the other still knows."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

from lib_t2p.errors import JobError, WorkspaceError
from lib_t2p.jobs.database_repair import move_aside
from lib_t2p.jobs.events.events import Event, EventReader, Progress, Started, append_event
from lib_t2p.jobs.job import ACTIVE, Job, JobState
from lib_t2p.jobs.job_reading import from_record
from lib_t2p.jobs.job_record import is_left, is_told, keep_record, last_event
from lib_t2p.jobs.job_rows import JobRows
from lib_t2p.jobs.job_store import JobStore
from lib_t2p.jobs.notices import tell
from lib_t2p.jobs.processes.processes import current_process, is_alive
from lib_t2p.jobs.rebuild import REBUILT, job_roots, kept_job, read_job_record
from lib_t2p.workspace import Workspace

MOST_DEATHS = 5
"""A job whose processes died this often at one place is lost: it would kill the next one too."""


def deaths_after(deaths: int, events: Iterable[Event]) -> int:
    """How many deaths count after one more.

    A job that got further than in any of its earlier lives begins to count anew: reboots and
    crashes during a long run are not the run's fault.

    Args:
        deaths: that counted so far.
        events: all that the job told.
    """
    return 1 if _got_further(events) else deaths + 1


def _got_further(events: Iterable[Event]) -> bool:
    before: dict[str, int] = {}
    now: dict[str, int] = {}
    for event in events:
        if isinstance(event, Started):
            before = {
                unit: max(now.get(unit, 0), before.get(unit, 0)) for unit in {**before, **now}
            }
            now = {}
        elif isinstance(event, Progress):
            now[event.unit] = max(event.done, now.get(event.unit, 0))
    return any(done > before.get(unit, 0) for unit, done in now.items())


def reconcile(rows: JobRows, workspace: Workspace) -> None:
    """Take in the jobs that only a folder knows, and ends that only a record tells.

    The records of what is not over are written again where they are gone, damaged or changed.

    Args:
        rows: within a transaction that writes.
        workspace: whose folders.
    """
    known = rows.ids()
    for root in job_roots(workspace):
        if root.name in known:
            continue
        kept = kept_job(workspace, root)
        if kept is not None and kept.job.id not in known:
            known.add(kept.job.id)
            rows.take(kept.job, REBUILT)
    for job in rows.in_states(*ACTIVE):
        _compare(rows, workspace, job)
    rows.settle(rows.in_states(JobState.QUEUED))


def _compare(rows: JobRows, workspace: Workspace, job: Job) -> None:
    folder = workspace.job(job.id)
    if not os.path.lexists(folder.record):
        keep_record(workspace, job)
        return
    record, why, _ = read_job_record(folder)
    try:
        kept = None if why else from_record(record, job.id)
    except ValueError:
        kept = None
    if kept is not None and _task(kept) == _task(job) and record.get("id") == job.id:
        if kept.is_over:
            # A record is written before its row: the process died, or its database was lost.
            rows.take(kept, REBUILT)
        return
    if folder.record.is_file():
        aside = move_aside(folder.record, "set-aside")
        tell(
            workspace,
            f"The job.json of job {job.id} was damaged or changed: it is kept as {aside.name} and "
            "was written again; the job goes on as it was submitted.",
        )
    keep_record(workspace, job)


def _task(job: Job) -> tuple[object, ...]:
    return job.kind, job.lane, job.params, job.needs, job.person


AtWork = Callable[[], Collection[str] | None]
CHECK_SECONDS = 60.0
"""Between two looks for damage that no query meets."""
_MOST_TOLD = 500
_log = logging.getLogger(__name__)


class Recovery:
    """What each process of ours does when it begins, and again and again.

    Args:
        store: of the jobs.
        workspace: where their folders lie.
        clock: Unix seconds.
    """

    def __init__(self, store: JobStore, workspace: Workspace, clock: Callable[[], float]) -> None:
        self._store, self._workspace, self._clock = store, workspace, clock
        self._checked = float("-inf")
        self._seen: object = None

    def recover(self, at_work: AtWork | None = None) -> list[Job]:
        """Mend what crashes and damage left; gives the jobs that went back, as they are now.

        Jobs whose process died go back to the queue, or are lost once `MOST_DEATHS` of their
        processes died and none got further. Database and folders are brought together, and last
        events are written that their processes could not write.

        Args:
            at_work: ids of the jobs that this process is at; None while it is taking one. What
                the queue says of it beyond goes back as well.
        """
        if abs(self._clock() - self._checked) >= CHECK_SECONDS:
            self._store.database.check()
            self._checked, self._seen = self._clock(), None
        self.reconcile()
        changed = self._recover_orphans(at_work)
        self._tell_left()
        return changed

    def reconcile(self) -> None:
        """Bring database and folders together where one may have lost what the other knows."""
        seen = self._store.database.identity(), _changed(self._workspace.jobs)
        if seen == self._seen:
            return
        self._store.write(lambda rows: reconcile(rows, self._workspace))
        self._seen = self._store.database.identity(), _changed(self._workspace.jobs)

    def _recover_orphans(self, at_work: AtWork | None) -> list[Job]:
        busy_now = at_work() if at_work is not None else None
        orphans = [
            job
            for job in self._store.read(_running)
            if _is_orphan(job)
            or (busy_now is not None and _is_mine(job) and job.id not in busy_now)
        ]
        if not orphans:
            return []
        told = {job.id: self._events(job) for job in orphans if _is_orphan(job)}

        def work(rows: JobRows) -> list[Job]:
            changed = []
            busy = at_work() if at_work is not None else None
            for seen in orphans:
                job = rows.find_one(seen.id)
                if job is None or job.is_over or job.owner_process != seen.owner_process:
                    continue
                if seen.id in told:
                    changed.append(_survived(rows, job, told[job.id]))
                elif busy is not None and job.id not in busy:
                    changed.append(given_back(rows, job))
            return changed

        return self._store.write(work)

    def _tell_left(self) -> None:
        """Write the last events that a process which died, or a full disk, left unwritten."""

        def work(rows: JobRows) -> None:
            written = []
            for job, untold in rows.untold()[:_MOST_TOLD]:
                if not is_left(job, untold, self._clock()):
                    continue
                try:
                    if not is_told(self._workspace, job):
                        append_event(self._workspace.job(job.id).events, last_event(job))
                except (OSError, WorkspaceError):
                    _log.exception("the last event of job %s", job.id)
                    continue
                written.append(job.id)
            rows.mark_told(written)

        left = [
            job for job, by in self._store.read(JobRows.untold) if is_left(job, by, self._clock())
        ]
        # Others wait meanwhile: after a rebuild there may be thousands.
        for _ in range(0, len(left), _MOST_TOLD):
            self._store.write(work)

    def _events(self, job: Job) -> list[Event]:
        try:
            return EventReader(self._workspace.job(job.id).events).read_new()
        except OSError:
            _log.exception("job %s", job.id)
            return []


def given_back(rows: JobRows, job: Job) -> Job:
    """Let the next process take a job.

    Raises:
        JobError: it is over already.
    """
    if job.is_over:
        raise JobError(f"Job {job.id} is over already ({job.state.value}).")
    stopping = job.state is JobState.STOPPING
    state = JobState.STOPPING if stopping else JobState.QUEUED
    return rows.save(replace(job, state=state, owner="", owner_process=None))


def _running(rows: JobRows) -> list[Job]:
    return rows.in_states(JobState.RUNNING, JobState.STOPPING)


def _is_orphan(job: Job) -> bool:
    if job.owner_process is None:
        # Only a job that is being stopped waits for its next process in its state.
        return job.state is not JobState.STOPPING
    return not is_alive(job.owner_process)


def _is_mine(job: Job) -> bool:
    return job.owner_process is not None and job.owner_process.pid == current_process().pid


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _survived(rows: JobRows, job: Job, told: list[Event]) -> Job:
    counted = replace(job, deaths=deaths_after(job.deaths, told))
    if counted.deaths < MOST_DEATHS:
        return given_back(rows, counted)
    return rows.end(
        counted,
        JobState.LOST,
        f"The process that worked on it died {counted.deaths} times: see log.txt in the folder "
        f"of job {job.id}, and whether the computer has enough memory.",
    )
