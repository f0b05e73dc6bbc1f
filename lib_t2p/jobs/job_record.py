"""Writing `job.json`, whatever lies in its place, and a job's last event, once."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import is_disk_full, write_record
from lib_t2p.jobs.database_repair import move_aside
from lib_t2p.jobs.events.events import Event, EventReader, Failed, Finished, Started, StoppedEvent
from lib_t2p.jobs.job import SCHEMA, Job, JobState, to_record
from lib_t2p.jobs.notices import tell
from lib_t2p.jobs.processes.processes import ProcessRecord, current_process, is_alive
from lib_t2p.jobs.rebuild import REBUILT
from lib_t2p.workspace import Workspace

_log = logging.getLogger(__name__)


def keep_record(workspace: Workspace, job: Job, *, draft: bool = False) -> None:
    """Write the record of a job; as a draft while it is not certain that there will be such a job.

    A folder of one job that may not be written must not stop the lane: the database holds the
    job as well, and the record follows at its next change.

    Raises:
        WorkspaceError: the disk is full.
    """
    record = to_record(job)
    path = _place(workspace, job.id, draft=draft)
    try:
        write_record(path, SCHEMA, record)
    except WorkspaceError as error:
        if is_disk_full(error):
            raise
        _make_place(workspace, job.id, path)
        try:
            write_record(path, SCHEMA, record)
        except WorkspaceError as again:
            if is_disk_full(again):
                raise
            _log.warning("the record of job %s is behind: %s", job.id, again)


def publish_record(workspace: Workspace, job_id: str) -> None:
    """Make the draft of a job its record, unless another process wrote one since."""
    draft, record = (_place(workspace, job_id, draft=is_draft) for is_draft in (True, False))
    try:
        if os.path.lexists(record):
            draft.unlink(missing_ok=True)
        elif draft.exists():
            draft.rename(record)
    except OSError as error:
        # The row holds; recovery writes a record that is not there.
        _log.warning("the record of job %s is behind: %s", job_id, error)


def remove_record(workspace: Workspace, job_id: str) -> None:
    """Take back the record of a job that was not submitted after all."""
    folder = workspace.job(job_id)
    with suppress(OSError):
        _place(workspace, job_id, draft=True).unlink(missing_ok=True)
        folder.record.unlink(missing_ok=True)
        folder.root.rmdir()


def _place(workspace: Workspace, job_id: str, *, draft: bool) -> Path:
    record = workspace.job(job_id).record
    return record.with_name(f"{record.name}.draft") if draft else record


def _make_place(workspace: Workspace, job_id: str, record: Path) -> None:
    folder = workspace.job(job_id)
    for path, is_right in (
        (workspace.jobs, os.path.isdir),
        (folder.root, os.path.isdir),
        (record, os.path.isfile),
    ):
        if os.path.lexists(path) and not is_right(path):
            with suppress(WorkspaceError):
                kept = move_aside(path, "set-aside")
                tell(workspace, f"{path} was in the way of job {job_id}: it is now {kept.name}.")


LAST = (Finished, Failed, StoppedEvent)
_LAST_BYTES = 1 << 20
_OVERDUE_SECONDS = 60.0
"""So long after the end its event is written, or its process could not write it."""


def last_event(job: Job) -> Event:
    """The event that tells the end of a job."""
    at = job.ended or 0.0
    if job.state is JobState.FINISHED:
        return Finished(at, job.result)
    if job.state is JobState.STOPPED:
        return StoppedEvent(at, job.reason)
    return Failed(at, job.reason)


def writer_of_last() -> str:
    """What the database keeps of this process while it owes the last event of a job."""
    process = current_process()
    return f"{process.pid} {process.created}"


def is_left(job: Job, untold: str, now: float) -> bool:
    """Whether nobody is about to write the last event of a job.

    Args:
        job: as it is now.
        untold: the process that was to write it, as the database keeps it.
        now: Unix seconds.
    """
    if not job.is_over:
        return False
    writer = _process(untold)
    if untold == REBUILT or writer is None or not is_alive(writer):
        return True
    mine = writer.pid == current_process().pid
    return mine and abs(now - (job.ended or 0.0)) > _OVERDUE_SECONDS


def is_told(workspace: Workspace, job: Job) -> bool:
    """Whether the file of events says how the job ended, after its last start.

    Raises:
        OSError: the file cannot be read.
    """
    path = workspace.job(job.id).events
    size = path.stat().st_size if path.is_file() else 0
    told = False
    for event in EventReader(path, max(0, size - _LAST_BYTES)).read_new():
        if isinstance(event, LAST):
            told = True
        elif isinstance(event, Started):
            told = False
    return told


def _process(untold: str) -> ProcessRecord | None:
    try:
        pid, created = untold.split()
        return ProcessRecord(int(pid), float(created))
    except ValueError:
        return None
