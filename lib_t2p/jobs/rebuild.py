"""Filling the database from the folders of the jobs, whatever became of them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import NewerSchemaError, WorkspaceError
from lib_t2p.files import read_record
from lib_t2p.jobs.job import SCHEMA, Job
from lib_t2p.jobs.job_reading import JOB_ID, failed_job, from_record, running_number, to_row
from lib_t2p.jobs.notices import tell
from lib_t2p.workspace import JobFolder, Workspace

REBUILT = "rebuilt"
"""In the column `untold`: whether the last event was written is to be looked up."""


@dataclass(frozen=True)
class Kept:
    """What a folder says of its job.

    Attributes:
        job: as its record tells it; failed with the reason where it cannot be used.
        newer: a newer version wrote the record.
    """

    job: Job
    newer: bool = False


def rebuild_jobs(connection: sqlite3.Connection, workspace: Workspace) -> int:
    """Insert every job that has a folder; gives how many.

    A record that cannot be used becomes a failed job, and its folder stays as it is.

    Raises:
        NewerSchemaError: all jobs were written by a newer version.
    """
    kept = [found for root in job_roots(workspace) if (found := kept_job(workspace, root))]
    if kept and all(found.newer for found in kept):
        raise NewerSchemaError(kept[0].job.reason)
    for found in kept:
        insert_job(connection, found.job, REBUILT)
    return len(kept)


def insert_job(connection: sqlite3.Connection, job: Job, untold: str = "") -> None:
    """Add one row; it keeps the running number of its id where that is free."""
    number = running_number(job.id)
    taken = connection.execute("SELECT 1 FROM jobs WHERE seq = ?", (number,)).fetchone()
    row = {**to_row(job), "untold": untold}
    if number and not taken:
        row["seq"] = number
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO jobs ({names}) VALUES ({marks})", row)


def job_roots(workspace: Workspace) -> list[Path]:
    """Folders below `jobs`, those of jobs in the order of their running numbers.

    Their names begin with the time of day, which a clock that was put back turns round.
    """
    try:
        with os.scandir(workspace.jobs) as entries:
            names = [entry.name for entry in entries]
    except OSError:
        return []
    return [workspace.jobs / name for name in sorted(names, key=lambda n: (running_number(n), n))]


def kept_job(workspace: Workspace, root: Path) -> Kept | None:
    """What a folder says of its job; None when it is no job's folder, or a copy of one."""
    folder = JobFolder(root)
    if not _has_job(folder):
        return None
    record, why, newer = read_job_record(folder)
    named = record.get("id")
    if JOB_ID.fullmatch(root.name) is None or _is_other_job(named, root.name):
        moved = _moved_back(workspace, root, named)
        if moved is None:
            return None
        folder = JobFolder(moved)
    job_id = folder.root.name
    if not why:
        try:
            return Kept(from_record(record, job_id))
        except ValueError as error:
            why = str(error)
    reason = (
        why
        if newer
        else f"The job.json of job {job_id} cannot be used ({why}): its folder is kept as it is. "
        "Try the job again, or start it again where you started it first."
    )
    tell(workspace, reason)
    return Kept(failed_job(record, job_id, reason, _changed(folder)), newer)


def _has_job(folder: JobFolder) -> bool:
    """A folder without anything of ours is no job's; without its record it is one."""
    return folder.root.is_dir() and any(
        os.path.lexists(path) for path in (folder.record, folder.events)
    )


def read_job_record(folder: JobFolder) -> tuple[dict[str, Any], str, bool]:
    """The content of `job.json`, why it cannot be used, and whether a newer version wrote it."""
    if not os.path.lexists(folder.record):
        return {}, "it is gone", False
    try:
        return read_record(folder.record, SCHEMA), "", False
    except NewerSchemaError as error:
        return {}, str(error), True
    except (WorkspaceError, ValueError) as error:
        return {}, str(error.__cause__ or error).rstrip("."), False


def _is_other_job(named: object, name: str) -> bool:
    return isinstance(named, str) and named != name and JOB_ID.fullmatch(named) is not None


def _moved_back(workspace: Workspace, root: Path, named: object) -> Path | None:
    """Give a renamed folder its name back; None for a copy and for what is no job's folder."""
    if not isinstance(named, str) or JOB_ID.fullmatch(named) is None:
        tell(workspace, f"{root} is no folder of a job, and is left out of the queue.")
        return None
    own = workspace.jobs / named
    if not os.path.lexists(own):
        with suppress(OSError):
            return root.rename(own)
    tell(
        workspace,
        f"{root} is a copy of job {named}, and is left out of the queue: delete it if you want.",
    )
    return None


def _changed(folder: JobFolder) -> float:
    try:
        return folder.root.stat().st_mtime
    except OSError:
        return 0.0
