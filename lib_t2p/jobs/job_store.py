"""Transactions on the jobs: rows, records and events stay in step, whatever fails on the way."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeVar

from lib_t2p.errors import WorkspaceError
from lib_t2p.jobs.database import Database
from lib_t2p.jobs.events.events import Event, append_event
from lib_t2p.jobs.job import Job
from lib_t2p.jobs.job_record import LAST
from lib_t2p.jobs.job_rows import JobRows
from lib_t2p.workspace import Workspace

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class JobStore:
    """The jobs of a workspace, read and written as a whole.

    Args:
        workspace: where database and job folders lie.
        clock: Unix seconds.

    Attributes:
        database: that holds the rows.

    Raises:
        WorkspaceError: the workspace lies on a network drive.
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], float]) -> None:
        self._workspace = workspace
        self._clock = clock
        self.database = Database(workspace)

    def read(self, work: Callable[[JobRows], _T]) -> _T:
        """Look at the jobs as they are at one moment."""
        return self.database.read(lambda connection: work(self._rows(connection)))

    def write(self, work: Callable[[JobRows], _T]) -> _T:
        """Change jobs; all of it holds or nothing. Their events are appended after that."""
        tried: list[JobRows] = []

        def all_of_it(connection: sqlite3.Connection) -> _T:
            for former in tried:
                # Its records were read into the new database although it did not hold.
                former.undo(connection)
            rows = self._rows(connection)
            tried[:] = [rows]
            try:
                return work(rows)
            except BaseException:
                rows.undo()
                tried.clear()
                raise

        def again(connection: sqlite3.Connection, answer: _T) -> _T:
            tried[0].repeat(self._rows(connection))
            return answer

        try:
            answer = self.database.write(all_of_it, again)
        except BaseException:
            for former in tried:
                former.undo()
            raise
        tried[0].publish()
        self._append(tried[0].told)
        return answer

    def _append(self, told: Sequence[tuple[Job, Event]]) -> None:
        written = []
        for job, event in told:
            try:
                append_event(self._workspace.job(job.id).events, event)
            except WorkspaceError:
                # The change itself holds; a claim must not be lost for a line about it.
                _log.exception("job %s", job.id)
                continue
            if isinstance(event, LAST):
                written.append(job.id)
        if written:
            try:
                self.database.write(lambda c: self._rows(c).mark_told(written))
            except WorkspaceError:
                _log.exception("that the ends of %s are told", ", ".join(written))

    def _rows(self, connection: sqlite3.Connection) -> JobRows:
        return JobRows(connection, self._workspace, self._clock)
