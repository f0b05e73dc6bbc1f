"""Dropping the jobs of a person who is deleted."""

from __future__ import annotations

import sqlite3

from lib_t2p.jobs.database import Database
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
