from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest

from lib_t2p.errors import NewerSchemaError, WorkspaceError
from lib_t2p.jobs import database
from lib_t2p.jobs.database import Database
from lib_t2p.jobs.notices import recent_notices
from lib_t2p.jobs.queue import Queue
from lib_t2p.jobs.schema import MIGRATIONS
from lib_t2p.workspace.person import Workspace, open_workspace


def test_the_database_is_in_wal_mode(queue: Queue, workspace: Workspace) -> None:
    queue.submit("a", {}, lane="light")
    with closing(sqlite3.connect(workspace.database)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_network_drive_is_refused_with_the_reason(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=r"network drive.*local disk"):
        Database(workspace, on_network=lambda _: True)
    assert not workspace.database.exists()


def test_an_older_database_is_migrated_and_a_copy_kept(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {}, lane="light")
    newer = (*MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'",))
    rows = Database(workspace, newer).read(
        lambda connection: connection.execute("SELECT id, colour FROM jobs").fetchall()
    )
    assert [tuple(row) for row in rows] == [(job.id, "red")]
    copy = workspace.root / f"t2p.sqlite.schema{len(MIGRATIONS)}-1"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
        assert connection.execute("SELECT id FROM jobs").fetchall() == [(job.id,)]


def test_a_database_without_places_keeps_the_order_of_its_jobs(workspace: Workspace) -> None:
    Database(workspace, MIGRATIONS[:1]).write(
        lambda connection: connection.executemany(
            "INSERT INTO jobs VALUES (?, ?, 'a', 'gpu', '{}', '', '[]', 'queued', '', '{}', 1.0, "
            "NULL, NULL, '', NULL, NULL, 0)",
            [(seq, f"20260921-140000-{seq:05d}") for seq in (4, 9)],
        )
    )
    queue = Queue(workspace)
    new = queue.submit("a", {}, lane="gpu")
    order = [job.id[-5:] for job in queue.ready(["gpu"])]
    assert order == ["00004", "00009", new.id[-5:]]
    assert [job.rank for job in queue.jobs()] == [4, 9, 10]


def test_two_processes_that_make_the_database_at_once_make_it_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = database._version, []

    def version(connection: sqlite3.Connection) -> int:
        found = real(connection)
        if not seen:
            seen.append(found)
            Queue(workspace).submit("a", {}, lane="light")  # the other process is faster
        return found

    monkeypatch.setattr(database, "_version", version)
    assert [job.kind for job in Queue(workspace).jobs()] == ["a"]
    assert seen == [0]


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {}, lane="light")
    broken = (*MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN colour TEXT", "ALTER TABLE nowhere"))
    with pytest.raises(WorkspaceError):
        Database(workspace, broken).read(lambda _: None)
    assert queue.get(job.id).id == job.id


def test_a_newer_database_is_refused_and_not_touched(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {}, lane="light")
    newer = (*MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN colour TEXT",))
    Database(workspace, newer).read(lambda _: None)
    with pytest.raises(NewerSchemaError, match=f"schema {len(MIGRATIONS) + 1}, this"):
        queue.get(job.id)
    assert not list(workspace.root.glob("*.damaged-*"))


def test_an_exception_undoes_a_write(workspace: Workspace) -> None:
    database = Database(workspace)

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO leases VALUES ('gpu:0', 'a', 1, 1.0, 1.0)")
        raise KeyError("on the way")

    with pytest.raises(KeyError):
        database.write(half)
    count = database.read(lambda c: c.execute("SELECT count(*) FROM leases").fetchone()[0])
    assert count == 0


def test_a_folder_in_the_place_of_the_database_is_moved_out_of_the_way(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {}, lane="light")
    workspace.database.unlink()
    workspace.database.mkdir()
    (workspace.database / "mine.txt").write_text("kept")
    assert [one.id for one in queue.jobs()] == [job.id]
    assert (workspace.root / "t2p.sqlite.damaged-1" / "mine.txt").read_text() == "kept"
    assert "t2p.sqlite was no file" in recent_notices(workspace, time.time())[0].text


@pytest.mark.parametrize("content", [b"", b"\0" * 20, b"[]", b"\xff"])
def test_a_damaged_mark_of_the_workspace_stops_nothing(
    queue: Queue, workspace: Workspace, content: bytes
) -> None:
    job = queue.submit("a", {}, lane="light")
    mark = workspace.root / "workspace.json"
    mark.write_bytes(content)
    again = open_workspace(workspace.root)
    assert [one.id for one in Queue(again).jobs()] == [job.id]
    assert (workspace.root / "workspace.json.damaged").read_bytes() == content
    assert open_workspace(workspace.root) == again
