"""Bringing database and job folders together: each may have lost what the other still knows."""

from __future__ import annotations

import os

from lib_t2p.jobs.database_repair import move_aside
from lib_t2p.jobs.job import ACTIVE, Job, JobState
from lib_t2p.jobs.job_reading import from_record
from lib_t2p.jobs.job_record import keep_record
from lib_t2p.jobs.notices import tell
from lib_t2p.jobs.rebuild import REBUILT, job_roots, kept_job, read_job_record
from lib_t2p.jobs.rows import JobRows
from lib_t2p.workspace import Workspace


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
