"""Whatever becomes of the files of the database, the queue goes on with all its jobs."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from lib_t2p.errors import NewerSchemaError
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.leases import Leases
from lib_t2p.jobs.notices import recent_notices
from lib_t2p.jobs.queue import Job, Queue
from lib_t2p.jobs.schema import MIGRATIONS
from lib_t2p.workspace.person import Workspace


@pytest.fixture
def jobs(queue: Queue, workspace: Workspace) -> list[Job]:
    first = queue.submit("one", {"n": 1}, lane="light", person="ada")
    queue.submit("two", {"text": "x" * 200}, lane="gpu", needs=[first.id])
    queue.claim(["light"], "me")
    queue.finish(first.id, {"made": 3})
    queue.submit("three", {}, lane="paint")
    Leases(workspace).acquire("gpu:0", "me", 60)
    Heartbeats(workspace).beat("worker")
    return queue.jobs()


def goes_on(workspace: Workspace, jobs: list[Job]) -> None:
    queue = Queue(workspace)
    queue.recover()
    assert queue.jobs() == jobs
    assert [job.kind for job in queue.ready(["gpu", "paint"])] == ["two", "three"]
    assert Heartbeats(workspace).beat("worker").role == "worker"
    assert Leases(workspace).acquire("gpu:1", "me", 60)


def position(data: bytes, text: bytes) -> int:
    found = data.find(text)
    assert found >= 0
    return found


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (b"CREATE TABLE jobs", 0xFF),
        (b"CREATE TABLE leases", 0x00),
        (b"heartbeats", ord("H")),
        (b"three", ord("y")),
        (b"queued", 0xC3),
        (b'{"n": 1}', ord("[")),
    ],
)
def test_one_damaged_byte_of_a_text_is_found_and_mended(
    workspace: Workspace, jobs: list[Job], where: bytes, value: int
) -> None:
    data = bytearray(workspace.database.read_bytes())
    data[position(bytes(data), where)] = value
    workspace.database.write_bytes(data)
    goes_on(workspace, jobs)
    assert "was kept as t2p.sqlite.damaged-1" in recent_notices(workspace, time.time())[0].text


@pytest.mark.parametrize("offset", [0, 18, 19, 31, 44, 56, 60, 63, 100, 103, 104])
def test_one_damaged_byte_of_the_header_is_found_and_mended(
    workspace: Workspace, jobs: list[Job], offset: int
) -> None:
    data = bytearray(workspace.database.read_bytes())
    data[offset] ^= 0x41
    workspace.database.write_bytes(data)
    goes_on(workspace, jobs)


@pytest.mark.parametrize("seed", range(12))
def test_one_damaged_byte_anywhere_is_harmless_or_mended(
    workspace: Workspace, jobs: list[Job], seed: int
) -> None:
    chance = random.Random(seed)
    data = bytearray(workspace.database.read_bytes())
    data[chance.randrange(len(data))] = chance.randrange(256)
    workspace.database.write_bytes(data)
    goes_on(workspace, jobs)


@pytest.mark.parametrize("part", ["t2p.sqlite", "t2p.sqlite-wal", "t2p.sqlite-shm"])
@pytest.mark.parametrize("damage", ["deleted", "zeroed", "half", "folder", "dangling link"])
def test_a_part_of_the_database_that_is_damaged_is_made_anew(
    workspace: Workspace, jobs: list[Job], part: str, damage: str
) -> None:
    with closing(sqlite3.connect(workspace.database)) as killed:
        # As a process leaves it that is killed: its changes stand in the write-ahead log only.
        killed.execute("UPDATE heartbeats SET beats = 7")
        killed.commit()
        kept = {p: p.read_bytes() for p in workspace.root.glob("t2p.sqlite*")}
    for path, data in kept.items():
        path.write_bytes(data)
    path = workspace.root / part
    data = kept[path]
    path.unlink()
    if damage in ("zeroed", "half"):
        path.write_bytes(bytes(len(data)) if damage == "zeroed" else data[: len(data) // 2])
    elif damage == "folder":
        path.mkdir()
    elif damage == "dangling link":
        path.symlink_to(workspace.root / "nowhere" / "x")
    goes_on(workspace, jobs)


def test_a_write_ahead_log_that_was_lost_with_a_submission_loses_no_job(
    queue: Queue, workspace: Workspace, jobs: list[Job]
) -> None:
    before = workspace.database.read_bytes()
    late = queue.submit("late", {}, lane="light")
    for path in workspace.root.glob("t2p.sqlite*"):
        path.unlink()
    workspace.database.write_bytes(before)
    again = Queue(workspace)
    again.recover()
    assert again.jobs() == [*jobs, late]


def test_a_change_whose_database_was_deleted_meanwhile_is_brought_into_the_new_one(
    queue: Queue, workspace: Workspace, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lib_t2p.jobs.job_rows import JobRows

    real = JobRows.save

    def save(rows: JobRows, job: Job) -> Job:
        workspace.database.unlink(missing_ok=True)
        Queue(workspace).jobs()  # another process makes it anew, from the former records
        return real(rows, job)

    monkeypatch.setattr(JobRows, "save", save)
    job = queue.claim(["gpu"], "me")
    monkeypatch.undo()
    assert job is not None
    assert Queue(workspace).get(job.id) == job


def test_a_schema_version_that_one_byte_makes_newer_is_damage(
    workspace: Workspace, jobs: list[Job]
) -> None:
    with closing(sqlite3.connect(workspace.database)) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 64}")
    goes_on(workspace, jobs)


def test_a_truly_newer_database_is_still_refused(workspace: Workspace, jobs: list[Job]) -> None:
    with closing(sqlite3.connect(workspace.database)) as connection:
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
        connection.execute(f"PRAGMA application_id={mark + 1}")
    with pytest.raises(NewerSchemaError, match="update the extension"):
        Queue(workspace).jobs()
    assert len(jobs) == 3


def test_a_database_that_may_only_be_read_is_made_writable(
    workspace: Workspace, jobs: list[Job]
) -> None:
    workspace.database.chmod(0o444)
    goes_on(workspace, jobs)


def test_a_folder_in_the_place_of_the_lock_is_moved_away(
    workspace: Workspace, jobs: list[Job]
) -> None:
    lock = Path(f"{workspace.database}.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    workspace.database.unlink()
    goes_on(workspace, jobs)
