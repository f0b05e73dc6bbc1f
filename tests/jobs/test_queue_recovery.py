from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from job_helpers import REPOSITORY, environment, python, until

from lib_t2p.errors import NewerSchemaError
from lib_t2p.jobs.events.events import Progress, append_event
from lib_t2p.jobs.queue import MOST_DEATHS, JobState, Queue
from lib_t2p.workspace.person import Workspace

pytestmark = pytest.mark.slow

CLAIM = """
import sys
from pathlib import Path
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace import open_workspace
job = Queue(open_workspace(Path(sys.argv[1]))).claim(["light", "gpu"], "doomed")
print(job.id if job else "none")
"""
RACER = """
import sys
from pathlib import Path
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace import open_workspace
queue = Queue(open_workspace(Path(sys.argv[1])))
sys.stdin.read()
while (job := queue.claim(["light"], "racer")) is not None:
    print(job.id, flush=True)
    queue.finish(job.id, {})
"""


def claimed_by_a_process_that_died(workspace: Workspace) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CLAIM, str(workspace.root)],
        env=environment(),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_job_is_given_to_one_of_several_racing_processes(
    queue: Queue, workspace: Workspace, tmp_path: Path
) -> None:
    ids = {queue.submit("a", {"n": n}, lane="light").id for n in range(20)}
    script = tmp_path / "racer.py"
    script.write_text(RACER)
    racers = [
        python(script, str(workspace.root), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.close()
    outputs = [racer.stdout.read().decode().split() for racer in racers if racer.stdout]
    assert [racer.wait(60) for racer in racers] == [0, 0, 0, 0]
    assert sorted(job for output in outputs for job in output) == sorted(ids)


def test_the_job_of_a_dead_process_goes_back_to_the_queue(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {}, lane="light")
    assert claimed_by_a_process_that_died(workspace) == job.id
    assert queue.get(job.id).state is JobState.RUNNING
    (back,) = queue.recover()
    assert (back.id, back.state, back.deaths) == (job.id, JobState.QUEUED, 1)


def test_the_job_of_a_living_process_is_left_alone(queue: Queue) -> None:
    job = queue.submit("a", {}, lane="light")
    queue.claim(["light"], "me")
    assert queue.recover() == []
    assert queue.get(job.id).state is JobState.RUNNING


def test_a_job_that_killed_three_processes_is_lost_with_what_needs_it(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {}, lane="light")
    later = queue.submit("b", {}, lane="light", needs=[job.id])
    for _ in range(MOST_DEATHS):
        assert claimed_by_a_process_that_died(workspace) == job.id
        queue.recover()
    lost = queue.get(job.id)
    assert lost.state is JobState.LOST
    assert f"died {MOST_DEATHS} times" in lost.reason
    assert queue.get(later.id).state is JobState.FAILED
    assert "was lost" in queue.get(later.id).reason


def test_a_job_that_was_being_stopped_is_given_out_still_stopping(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {}, lane="light")
    claimed_by_a_process_that_died(workspace)
    queue.request_stop(job.id)
    (back,) = queue.recover()
    assert back.state is JobState.STOPPING
    again = queue.claim(["light"], "next")
    assert again is not None
    assert (again.id, again.state) == (job.id, JobState.STOPPING)
    assert queue.claim(["light"], "another") is None


def test_a_lost_database_is_rebuilt_from_the_folders(queue: Queue, workspace: Workspace) -> None:
    first = queue.submit("a", {"x": 1}, lane="light", person="ann")
    queue.submit("b", {}, lane="gpu", needs=[first.id])
    queue.claim(["light"], "me")
    queue.finish(first.id, {"n": 3})
    before = queue.jobs()
    workspace.database.unlink()
    assert queue.jobs() == before
    assert Queue(workspace).claim(["gpu"], "me") is not None


def test_a_running_job_of_a_dead_process_survives_the_loss_of_the_database(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {}, lane="light")
    claimed_by_a_process_that_died(workspace)
    workspace.database.unlink()
    (back,) = queue.recover()
    assert (back.id, back.state) == (job.id, JobState.QUEUED)


@pytest.mark.parametrize("damage", ["garbage", "truncated", "emptied"])
def test_a_damaged_database_is_set_aside_and_rebuilt(
    queue: Queue, workspace: Workspace, damage: str
) -> None:
    for n in range(30):
        queue.submit("a", {"n": n}, lane="light")
    before = queue.jobs()
    whole = workspace.database.read_bytes()
    broken = {"garbage": b"not a database" * 99, "truncated": whole[:5000], "emptied": b""}[damage]
    workspace.database.write_bytes(broken)
    assert queue.jobs() == before
    kept = list(workspace.root.glob("t2p.sqlite.damaged-*"))
    assert [path.read_bytes() for path in kept] == ([] if damage == "emptied" else [broken])


def test_several_processes_meeting_a_damaged_database_lose_no_job(
    queue: Queue, workspace: Workspace, tmp_path: Path
) -> None:
    ids = {queue.submit("a", {"n": n}, lane="light").id for n in range(8)}
    workspace.database.write_bytes(b"not a database" * 99)
    script = tmp_path / "racer.py"
    script.write_text(RACER)
    racers = [
        python(script, str(workspace.root), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    outputs = [racer.stdout.read().decode().split() for racer in racers if racer.stdout]
    until(lambda: all(racer.poll() == 0 for racer in racers), "all racers end well")
    assert sorted(job for output in outputs for job in output) == sorted(ids)


def test_a_damaged_record_becomes_a_failed_job_and_the_others_are_kept(
    queue: Queue, workspace: Workspace
) -> None:
    broken, whole = (queue.submit(kind, {}, lane="light") for kind in "ab")
    workspace.job(broken.id).record.write_text('{"schema": 1, "state": "odd"}')
    workspace.database.unlink()
    assert [(job.id, job.state) for job in queue.jobs()] == [
        (broken.id, JobState.FAILED),
        (whole.id, JobState.QUEUED),
    ]
    assert "kind is missing" in queue.get(broken.id).reason
    assert workspace.job(broken.id).record.read_text() == '{"schema": 1, "state": "odd"}'
    assert queue.submit("c", {}, lane="light").id not in (broken.id, whole.id)


def test_a_record_of_a_newer_version_is_refused(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {}, lane="light")
    record = workspace.job(job.id).record
    record.write_text(record.read_text().replace('"schema": 2', '"schema": 3'))
    workspace.database.unlink()
    with pytest.raises(NewerSchemaError, match="newer Text to Person"):
        queue.jobs()


def test_a_long_run_that_gets_further_each_time_is_not_lost(
    queue: Queue, workspace: Workspace
) -> None:
    job = queue.submit("a", {}, lane="light")
    for life in range(1, MOST_DEATHS + 2):
        assert claimed_by_a_process_that_died(workspace) == job.id
        append_event(workspace.job(job.id).events, Progress(0.0, life, 9, "step"))
        queue.recover()
    back = queue.get(job.id)
    assert (back.state, back.deaths) == (JobState.QUEUED, 1)


def test_a_run_that_dies_at_the_same_place_is_lost(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {}, lane="light")
    for _ in range(MOST_DEATHS):
        assert claimed_by_a_process_that_died(workspace) == job.id
        for done in range(4):
            append_event(workspace.job(job.id).events, Progress(0.0, done, 9, "step"))
        queue.recover()
    assert queue.get(job.id).state is JobState.LOST
