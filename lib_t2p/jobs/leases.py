"""Leases: who may use a thing of which there is one, such as the GPU."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lib_t2p.jobs.database import Database
from lib_t2p.jobs.job_reading import RowDamage
from lib_t2p.jobs.processes.devices import device_lease
from lib_t2p.jobs.processes.processes import ProcessRecord, current_process, is_alive
from lib_t2p.workspace import Workspace

LONGEST_SECONDS = 3600.0
"""No lease is taken for longer; holders of longer work renew theirs."""
__all__ = ["Holder", "Leases", "device_lease"]


@dataclass(frozen=True)
class Holder:
    """Who has a lease.

    Attributes:
        owner: its label.
        process: the process that took it.
        until: Unix seconds of its end unless it is renewed.
    """

    owner: str
    process: ProcessRecord
    until: float


class Leases:
    """The leases of a workspace.

    A lease is free when its time is over or when the process that took it is dead.

    Args:
        workspace: whose database holds them.
        clock: Unix seconds.
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.time) -> None:
        self._database = Database(workspace)
        self._clock = clock

    def acquire(self, name: str, owner: str, seconds: float) -> bool:
        """Take a lease for this process, or lengthen one that `owner` has here already."""
        process = current_process()

        def work(connection: sqlite3.Connection) -> bool:
            held = self._valid(connection, name)
            if held is not None and not _is(held, owner, process):
                return False
            connection.execute(
                "INSERT OR REPLACE INTO leases (name, owner, pid, created, until) "
                "VALUES (?, ?, ?, ?, ?)",
                (name, owner, process.pid, process.created, self._clock() + seconds),
            )
            return True

        seen = self.holder(name)
        if seen is not None and not _is(seen, owner, process):
            # Most calls end here, without waiting to be the only writer.
            return False
        return self._database.write(work)

    def renew(self, name: str, owner: str, seconds: float) -> bool:
        """Lengthen a lease; False when it was lost meanwhile."""
        process = current_process()

        def work(connection: sqlite3.Connection) -> bool:
            held = _row(connection, name)
            if held is None or not _is(held, owner, process):
                return False
            connection.execute(
                "UPDATE leases SET until = ? WHERE name = ?", (self._clock() + seconds, name)
            )
            return True

        return self._database.write(work)

    def keep(self, name: str, owner: str, seconds: float) -> bool:
        """Lengthen a lease, or take it again where it went with a lost database."""
        return self.renew(name, owner, seconds) or self.acquire(name, owner, seconds)

    def release(self, name: str, owner: str) -> None:
        """Give a lease back; nothing happens when another has it."""
        process = current_process()

        def work(connection: sqlite3.Connection) -> None:
            held = _row(connection, name)
            if held is not None and _is(held, owner, process):
                connection.execute("DELETE FROM leases WHERE name = ?", (name,))

        self._database.write(work)

    def holder(self, name: str) -> Holder | None:
        """Who has the lease now; None when it is free."""
        return self._database.read(lambda connection: self._valid(connection, name))

    @contextmanager
    def held(self, name: str, owner: str, seconds: float) -> Iterator[bool]:
        """Take a lease for a block; gives whether it was free."""
        taken = self.acquire(name, owner, seconds)
        try:
            yield taken
        finally:
            if taken:
                self.release(name, owner)

    def _valid(self, connection: sqlite3.Connection, name: str) -> Holder | None:
        held = _row(connection, name)
        if held is None or not is_alive(held.process):
            return None
        # One that ends long from now was taken before the clock was put back.
        return held if 0.0 < held.until - self._clock() <= LONGEST_SECONDS else None


def _row(connection: sqlite3.Connection, name: str) -> Holder | None:
    row = connection.execute("SELECT * FROM leases WHERE name = ?", (name,)).fetchone()
    if row is None:
        return None
    try:
        process = ProcessRecord(int(row["pid"]), float(row["created"]))
        return Holder(str(row["owner"]), process, float(row["until"]))
    except (TypeError, ValueError, OverflowError) as error:
        raise RowDamage(f"the lease {name!r} is damaged: {error}") from error


def _is(held: Holder, owner: str, process: ProcessRecord) -> bool:
    return held.owner == owner and held.process.pid == process.pid
