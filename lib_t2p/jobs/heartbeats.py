"""Heartbeats: which worker, host and painter are alive, and with which version of the code."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from lib_t2p.jobs.database import Database
from lib_t2p.jobs.job_reading import RowDamage
from lib_t2p.jobs.processes.processes import ProcessRecord, current_process, is_alive
from lib_t2p.workspace import Workspace

Role = Literal["worker", "host", "painter"]
STALE_SECONDS = 30.0
"""Without a beat for so long, a process counts as hung or its extension as switched off."""
KEPT_SECONDS = 7 * 86400.0


@dataclass(frozen=True)
class Heartbeat:
    """The last sign of life of a process.

    Attributes:
        role: what it does here.
        process: pid and creation time.
        code_version: of the sources it runs.
        first: Unix seconds of its first beat.
        last: Unix seconds of its last beat.
        beats: how many; 1 means that only its launcher has vouched for it.
        leave: whether it was asked to leave after its job.
    """

    role: str
    process: ProcessRecord
    code_version: str
    first: float
    last: float
    beats: int
    leave: bool


class Heartbeats:
    """The heartbeats of a workspace.

    Args:
        workspace: whose database holds them.
        clock: Unix seconds.
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.time) -> None:
        self._database = Database(workspace)
        self._clock = clock

    def beat(
        self, role: Role, process: ProcessRecord | None = None, code_version: str = ""
    ) -> Heartbeat:
        """Give a sign of life for a process (this one by default); gives what is known of it."""
        who = process or current_process()

        def work(connection: sqlite3.Connection) -> Heartbeat:
            now = self._clock()
            key = (role, who.pid)
            row = connection.execute(
                "SELECT * FROM heartbeats WHERE role = ? AND pid = ?", key
            ).fetchone()
            if row is not None and abs(row["created"] - who.created) < 1.0:
                connection.execute(
                    "UPDATE heartbeats SET last = ?, beats = beats + 1, code_version = ? "
                    "WHERE role = ? AND pid = ?",
                    (now, code_version, *key),
                )
            else:
                connection.execute(
                    "INSERT OR REPLACE INTO heartbeats VALUES (?, ?, ?, ?, ?, ?, 1, 0)",
                    (*key, who.created, code_version, now, now),
                )
                connection.execute("DELETE FROM heartbeats WHERE last < ?", (now - KEPT_SECONDS,))
            row = connection.execute(
                "SELECT * FROM heartbeats WHERE role = ? AND pid = ?", key
            ).fetchone()
            return _from_row(row)

        return self._database.write(work)

    def living(self, role: Role, stale_seconds: float = STALE_SECONDS) -> list[Heartbeat]:
        """Processes of a role that beat lately and still run, oldest first."""
        now = self._clock()
        # A beat far ahead is of the time before the clock was put back: the next one counts.
        lately = [b for b in self.all(role) if abs(now - b.last) <= stale_seconds]
        return [b for b in lately if is_alive(b.process)]

    def all(self, role: Role) -> list[Heartbeat]:
        """Every process of a role of the last week, dead ones too, oldest first."""

        def work(connection: sqlite3.Connection) -> list[Heartbeat]:
            query = "SELECT * FROM heartbeats WHERE role = ? ORDER BY first"
            return [_from_row(row) for row in connection.execute(query, (role,))]

        return self._database.read(work)

    def last_seen(self, role: Role) -> float | None:
        """Unix seconds of the last beat of any process of a role; None when there never was one."""
        return max((beat.last for beat in self.all(role)), default=None)

    def ask_to_leave(self, beat: Heartbeat) -> None:
        """Ask a process to leave after the job at hand; it sees this at its next beat."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE heartbeats SET leave = 1 WHERE role = ? AND pid = ? AND created = ?",
                (beat.role, beat.process.pid, beat.process.created),
            )

        self._database.write(work)

    def leave(self, role: Role) -> None:
        """Say that this process is going: it is not living any more, though last seen now."""
        process = current_process()

        def work(connection: sqlite3.Connection) -> None:
            # Creation time 0 belongs to no process.
            connection.execute(
                "UPDATE heartbeats SET created = 0 WHERE role = ? AND pid = ?", (role, process.pid)
            )

        self._database.write(work)


def _from_row(row: Any) -> Heartbeat:
    try:
        return Heartbeat(
            str(row["role"]),
            ProcessRecord(int(row["pid"]), float(row["created"])),
            str(row["code_version"]),
            float(row["first"]),
            float(row["last"]),
            int(row["beats"]),
            bool(row["leave"]),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise RowDamage(f"a heartbeat is damaged: {error}") from error
