"""Filling a new database from the folders of the jobs."""

from __future__ import annotations

import logging
import sqlite3

from lib_t2p.errors import NewerSchemaError, WorkspaceError
from lib_t2p.files import read_record
from lib_t2p.jobs.job import SCHEMA, Job, from_record, to_row
from lib_t2p.workspace import JobFolder, Workspace

_log = logging.getLogger(__name__)


def rebuild_jobs(connection: sqlite3.Connection, workspace: Workspace) -> int:
    """Insert every job that has a folder; gives how many.

    A damaged `job.json` is skipped with a line in the log: its folder stays as it is.

    Raises:
        NewerSchemaError: a job was written by a newer version.
    """
    if not workspace.jobs.is_dir():
        return 0
    found = [read_job(JobFolder(root)) for root in sorted(workspace.jobs.iterdir())]
    jobs = [job for job in found if job is not None]
    for job in jobs:
        insert_job(connection, job)
    return len(jobs)


def insert_job(connection: sqlite3.Connection, job: Job) -> None:
    """Add one row."""
    row = to_row(job)
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO jobs ({names}) VALUES ({marks})", row)


def read_job(folder: JobFolder) -> Job | None:
    """Read `job.json`; None when it is missing or damaged."""
    try:
        return from_record(read_record(folder.record, SCHEMA))
    except NewerSchemaError:
        raise
    except (WorkspaceError, TypeError, ValueError, KeyError, IndexError) as error:
        _log.warning("job folder %s was skipped: %s", folder.root.name, error)
        return None
