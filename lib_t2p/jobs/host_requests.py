"""What the worker asks of the WebUI that is open, such as to give its memory back for a run."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lib_t2p.jobs.database import Database
from lib_t2p.json_io import json_text
from lib_t2p.workspace import Workspace

What = Literal["unload", "upscale", "interrogate"]
"""`unload`: drop the checkpoint; the host loads it again at its next picture. `upscale` {source,
target, width, height, upscaler}: write a larger picture. `interrogate` {source, target}: write what
a picture shows as UTF-8 text. Paths lie in the workspace's cache."""

KEPT_SECONDS = 86400.0


@dataclass(frozen=True)
class HostRequest:
    """One question to the host.

    Attributes:
        id: its number.
        what: that is asked for, with its details as JSON behind a space.
        asked: Unix seconds.
        answered: Unix seconds, or None while it waits.
        answer: a sentence; empty when all went well.
    """

    id: int
    what: str
    asked: float
    answered: float | None
    answer: str

    @property
    def kind(self) -> str:
        """One of `What`."""
        return self.what.partition(" ")[0]

    @property
    def details(self) -> dict[str, Any]:
        """What belongs to the question; empty when nothing does."""
        text = self.what.partition(" ")[2]
        return dict(json.loads(text)) if text else {}


class HostRequests:
    """The questions of a workspace.

    Args:
        workspace: whose database holds them.
        clock: Unix seconds.
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.time) -> None:
        self._database = Database(workspace)
        self._clock = clock

    def ask(self, what: What, details: Mapping[str, Any] | None = None) -> int:
        """Ask; gives the number by which the answer is found."""
        text = f"{what} {json_text(dict(details))}" if details else what

        def work(connection: sqlite3.Connection) -> int:
            now = self._clock()
            connection.execute("DELETE FROM host_requests WHERE asked < ?", (now - KEPT_SECONDS,))
            row = connection.execute(
                "INSERT INTO host_requests (what, asked) VALUES (?, ?) RETURNING id", (text, now)
            ).fetchone()
            return int(row["id"])

        return self._database.write(work)

    def waiting(self, within_seconds: float) -> list[HostRequest]:
        """Questions without an answer that were asked lately, oldest first."""
        since = self._clock() - within_seconds

        def work(connection: sqlite3.Connection) -> list[HostRequest]:
            query = "SELECT * FROM host_requests WHERE answered IS NULL AND asked >= ? ORDER BY id"
            return [_from_row(row) for row in connection.execute(query, (since,))]

        return self._database.read(work)

    def answer(self, request_id: int, sentence: str = "") -> None:
        """Say that it was done, or why not."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE host_requests SET answered = ?, answer = ? WHERE id = ?",
                (self._clock(), sentence, request_id),
            )

        self._database.write(work)

    def read(self, request_id: int) -> HostRequest | None:
        """A question as it is now; None when it was dropped for its age."""

        def work(connection: sqlite3.Connection) -> HostRequest | None:
            query = "SELECT * FROM host_requests WHERE id = ?"
            row = connection.execute(query, (request_id,)).fetchone()
            return _from_row(row) if row is not None else None

        return self._database.read(work)


def _from_row(row: Any) -> HostRequest:
    return HostRequest(row["id"], row["what"], row["asked"], row["answered"], row["answer"])
