"""A real worker goes on, with what it is at and with what waits, whatever becomes of the queue."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest
from job_helpers import until
from worker_helpers import Workers

from lib_t2p.jobs.events.events import EventReader, Finished
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.workspace.person import Workspace

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="damages files as Unix lets others do"),
    pytest.mark.slow,
]


def _overwrite(workspace: Workspace, change: Callable[[bytearray], None]) -> None:
    data = bytearray(workspace.database.read_bytes())
    change(data)
    with workspace.database.open("r+b") as file:
        file.write(data)


def deleted(workspace: Workspace) -> None:
    for path in workspace.root.glob("t2p.sqlite*"):
        if path.suffix != ".lock":
            path.unlink(missing_ok=True)


def main_file_deleted(workspace: Workspace) -> None:
    workspace.database.unlink()


def truncated(workspace: Workspace) -> None:
    with workspace.database.open("r+b") as file:
        file.truncate(5000)


def zeroed(workspace: Workspace) -> None:
    _overwrite(workspace, lambda data: data.__setitem__(slice(0, len(data)), bytes(len(data))))


def byte_of_the_schema(workspace: Workspace) -> None:
    _overwrite(workspace, lambda d: d.__setitem__(d.index(b"CREATE TABLE jobs"), 0xFF))


def lease_forgotten(workspace: Workspace) -> None:
    from lib_t2p.jobs.database import Database

    Database(workspace).write(lambda connection: connection.execute("DELETE FROM leases"))


def folders_removed(workspace: Workspace) -> None:
    for root in workspace.jobs.iterdir():
        shutil.rmtree(root, ignore_errors=True)  # the worker may just put it back


def folders_copied_and_database_deleted(workspace: Workspace) -> None:
    for root in list(workspace.jobs.iterdir()):
        shutil.copytree(root, workspace.jobs / f"{root.name} (2)")
    deleted(workspace)


def records_broken(workspace: Workspace) -> None:
    for root in workspace.jobs.iterdir():
        (root / "job.json").write_bytes(b"\0" * 40)


def ends(workspace: Workspace, job: Job) -> int:
    told = EventReader(workspace.job(job.id).events).read_new()
    return sum(isinstance(event, Finished) for event in told)


@pytest.mark.parametrize(
    "damage",
    [
        deleted,
        main_file_deleted,
        truncated,
        zeroed,
        byte_of_the_schema,
        lease_forgotten,
        folders_removed,
        folders_copied_and_database_deleted,
        records_broken,
    ],
)
def test_a_worker_goes_on_after(
    workers: Workers, workspace: Workspace, damage: Callable[[Workspace], None]
) -> None:
    first = workers.queue.submit("wait", {}, lane="light")
    second = workers.queue.submit("note", {"n": 1}, lane="light", needs=[first.id])
    third = workers.queue.submit("note", {"n": 2}, lane="gpu", needs=[second.id])
    worker = workers.start()
    workers.wait_for(first, JobState.RUNNING)
    damage(workspace)
    (workspace.root / "release").touch()

    def all_ended() -> list[Job] | None:
        jobs = Queue(workspace).jobs()
        return jobs if jobs and all(job.is_over for job in jobs) else None

    jobs = until(all_ended, "all jobs end")
    assert [(job.id, job.state) for job in jobs] == [
        (job.id, JobState.FINISHED) for job in (first, second, third)
    ]
    assert worker.poll() is None
    for job in (second, third):
        # An end is told right after it holds.
        until(lambda job=job: ends(workspace, job) == 1, "its end is told once")  # type: ignore[misc]


def test_a_job_whose_end_was_lost_is_done_again_by_the_same_worker(
    workers: Workers, workspace: Workspace
) -> None:
    """As when an older state of the database came back: it says that the job is still at work."""
    job = workers.queue.submit("wait", {}, lane="light")
    workers.start()
    workers.wait_for(job, JobState.RUNNING)
    kept = {p: p.read_bytes() for p in workspace.root.glob("t2p.sqlite*") if p.suffix != ".lock"}
    record = workspace.job(job.id).record
    running = record.read_bytes()
    (workspace.root / "release").touch()
    workers.wait_for(job, JobState.FINISHED)
    record.write_bytes(running)
    deleted(workspace)
    for path, data in kept.items():
        path.write_bytes(data)
    workers.wait_for(job, JobState.FINISHED)
