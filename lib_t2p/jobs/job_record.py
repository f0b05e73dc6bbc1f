"""Writing `job.json`, whatever lies in its place."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import is_disk_full, write_record
from lib_t2p.jobs.database_repair import move_aside
from lib_t2p.jobs.job import SCHEMA, Job, to_record
from lib_t2p.jobs.notices import tell
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
