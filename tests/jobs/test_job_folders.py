"""Whatever becomes of the folders of the jobs, one bad folder costs only itself."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.jobs.job import ACTIVE
from lib_t2p.jobs.notices import recent_notices
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.workspace.person import Workspace


def lose_the_database(workspace: Workspace) -> Queue:
    for path in workspace.root.glob("t2p.sqlite*"):
        path.unlink()
    return Queue(workspace)


def edit(workspace: Workspace, job: Job, **changes: Any) -> None:
    path = workspace.job(job.id).record
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, **changes}))


def told(workspace: Workspace) -> str:
    return "\n".join(one.text for one in recent_notices(workspace, time.time()))


@pytest.mark.parametrize(
    "changes",
    [
        {"created": "17.5", "deaths": "2", "rank": "3"},
        {"created": None, "started": None, "owner_process": None, "reason": None},
        {"rank": [], "person": 7, "device": {}, "stop": "later", "result": []},
        {"rank": float("nan"), "created": float("inf"), "start_at": 1e300, "deaths": 10**400},
        {"owner_process": ["x", 1], "owner": 3, "colour": "red"},
        {"id": 12},
    ],
)
def test_odd_values_that_do_not_matter_are_taken_at_their_default(
    queue: Queue, workspace: Workspace, changes: dict[str, Any]
) -> None:
    job = queue.submit("a", {"x": 1}, lane="light")
    if "deaths" in changes and isinstance(changes["deaths"], int):
        changes = {**changes, "deaths": 10**300}
    edit(workspace, job, **changes)
    again = lose_the_database(workspace)
    (found,) = again.jobs()
    assert (found.id, found.kind, found.params, found.state) == (job.id, "a", {"x": 1}, job.state)
    taken = again.claim(["light"], "me")
    assert taken is not None
    assert again.finish(taken.id, {}).state is JobState.FINISHED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 300,
        b"{",
        b"[1, 2]",
        b"\xff\xfe\x00",
        b'{"schema": 2}',
        b'{"schema": "2", "kind": "a"}',
        b'{"schema": 2, "deaths": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"schema": 2, "kind": "\\ud800"}',
    ],
)
def test_a_record_that_cannot_be_used_becomes_a_failed_job_that_says_so(
    queue: Queue, workspace: Workspace, content: bytes
) -> None:
    bad, good = (queue.submit("a", {"n": n}, lane="light") for n in range(2))
    needy = queue.submit("b", {}, lane="light", needs=[bad.id])
    workspace.job(bad.id).record.write_bytes(content)
    again = lose_the_database(workspace)
    again.recover()
    assert again.get(bad.id).state is JobState.FAILED
    assert "cannot be used" in again.get(bad.id).reason
    assert again.get(bad.id).reason in told(workspace)
    assert workspace.job(bad.id).record.read_bytes() == content
    assert again.get(needy.id).state is JobState.FAILED
    assert [job.id for job in again.ready(["light"])] == [good.id]


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"kind": None}, "kind is null"),
        ({"lane": "cpu"}, 'lane is "cpu" and should be one of light, gpu, paint'),
        ({"params": [1]}, "params is"),
        ({"needs": "20200101-000000-00001"}, "needs is"),
        ({"needs": [1, None]}, "needs is"),
        ({"state": "odd"}, 'state is "odd"'),
    ],
)
def test_each_fault_of_a_record_is_named(
    queue: Queue, workspace: Workspace, changes: dict[str, Any], phrase: str
) -> None:
    job = queue.submit("a", {}, lane="light")
    edit(workspace, job, **changes)
    again = lose_the_database(workspace)
    assert phrase in again.get(job.id).reason


def test_a_record_that_is_damaged_while_the_database_knows_the_job_is_written_anew(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {"x": 1}, lane="light")
    record = workspace.job(job.id).record
    whole = record.read_text()
    record.write_bytes(b"\0" * 90)
    queue.recover()
    assert record.read_text() == whole
    assert record.with_name("job.json.set-aside-1").read_bytes() == b"\0" * 90
    assert "was written again" in told(workspace)


def test_a_job_that_was_edited_while_the_database_knows_it_goes_on_as_submitted(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {"seed": 1}, lane="light")
    edit(workspace, job, params={"seed": 2})
    queue.recover()
    assert lose_the_database(workspace).get(job.id).params == {"seed": 1}


def test_a_folder_that_was_removed_is_made_again_for_what_waits(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {"x": 1}, lane="light")
    shutil.rmtree(workspace.job(job.id).root)
    queue.recover()
    assert lose_the_database(workspace).jobs() == [job]


def test_copies_of_a_folder_are_told_and_left_out(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {}, lane="light")
    for name in (f"{job.id} - Copy", "20200101-000000-00077", "Neuer Ordner"):
        shutil.copytree(workspace.job(job.id).root, workspace.jobs / name)
    again = lose_the_database(workspace)
    again.recover()
    assert [one.id for one in again.jobs()] == [job.id]
    assert told(workspace).count(f"is a copy of job {job.id}") == 3


def test_what_is_left_out_is_told_once_however_often_it_is_met(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {}, lane="light")
    for n in range(12):
        shutil.copytree(workspace.job(job.id).root, workspace.jobs / f"copy {n}")
    for _ in range(3):
        Queue(workspace).reconcile()
    assert len(workspace.notices.read_text().splitlines()) == 12


def test_a_folder_that_was_renamed_gets_its_name_back(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {}, lane="light")
    workspace.job(job.id).root.rename(workspace.jobs / "mine")
    assert [one.id for one in lose_the_database(workspace).jobs()] == [job.id]
    assert workspace.job(job.id).record.is_file()


def test_what_is_no_folder_of_a_job_is_passed_over(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {}, lane="light")
    (workspace.jobs / "notes.txt").write_text("mine")
    (workspace.jobs / "20200101-000000-00001").write_text("a file")
    (workspace.jobs / "20200101-000000-00002").symlink_to(workspace.root / "nowhere")
    (workspace.jobs / "empty").mkdir()
    assert [one.id for one in lose_the_database(workspace).jobs()] == [job.id]


def test_a_file_in_the_place_of_a_folder_does_not_stop_the_lane(
    queue: Queue, workspace: Workspace
) -> None:
    first, second = (queue.submit("a", {"n": n}, lane="light") for n in range(2))
    shutil.rmtree(workspace.job(first.id).root)
    workspace.job(first.id).root.write_text("mine")
    for job in (first, second):
        taken = queue.claim(["light"], "me")
        assert taken is not None
        assert queue.finish(taken.id, {}).id == job.id
    assert Path(f"{workspace.job(first.id).root}.set-aside-1").read_text() == "mine"


def test_a_need_whose_folder_is_gone_fails_what_needs_it_and_nothing_else(
    queue: Queue, workspace: Workspace
) -> None:
    gone = queue.submit("a", {}, lane="light")
    needy = queue.submit("b", {}, lane="light", needs=[gone.id])
    after = queue.submit("c", {}, lane="light", needs=[needy.id])
    other = queue.submit("d", {}, lane="light")
    shutil.rmtree(workspace.job(gone.id).root)
    again = lose_the_database(workspace)
    again.recover()
    assert [job.id for job in again.ready(["light"])] == [other.id]
    assert f"It needs job {gone.id}, which is gone" in again.get(needy.id).reason
    assert again.get(after.id).state is JobState.FAILED


@pytest.mark.parametrize("ring", [1, 2, 3])
def test_jobs_that_need_themselves_fail_and_the_lane_goes_on(
    queue: Queue, workspace: Workspace, ring: int
) -> None:
    jobs = [queue.submit("a", {"n": n}, lane="light") for n in range(ring)]
    other = queue.submit("d", {}, lane="light")
    for n, job in enumerate(jobs):
        edit(workspace, job, needs=[jobs[(n + 1) % ring].id])
    again = lose_the_database(workspace)
    again.recover()
    assert [job.id for job in again.jobs(states=ACTIVE)] == [other.id]
    assert any("It needs itself" in again.get(job.id).reason for job in jobs)


def test_jobs_that_run_for_nobody_go_back_to_the_queue(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {}, lane="light")
    edit(workspace, job, state="running", owner_process=None)
    again = lose_the_database(workspace)
    assert [one.id for one in again.ready(["light"])] == [job.id]


def test_a_rebuilt_queue_keeps_the_order_although_the_clock_was_put_back(
    queue: Queue, workspace: Workspace, clock: Any
) -> None:
    first = queue.submit("a", {}, lane="light")
    clock.forward(-86400)
    second = queue.submit("a", {}, lane="light")
    assert second.id < first.id
    again = lose_the_database(workspace)
    assert [job.id for job in again.jobs()] == [first.id, second.id]
    assert [job.id for job in again.ready(["light"])] == [first.id, second.id]
