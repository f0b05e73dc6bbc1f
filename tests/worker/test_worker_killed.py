from __future__ import annotations

import os
import signal

import psutil
import pytest
from job_helpers import until
from worker_helpers import Workers

from lib_t2p.jobs.queue import MOST_DEATHS, JobState
from lib_t2p.workspace.person import Workspace

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="kills as Unix does"), pytest.mark.slow]


def trainers(workspace: Workspace, count: int) -> list[int]:
    """Pids of all trainers that were ever launched, once there are `count` and all are on record.

    A worker killed before it wrote the record down would rightly launch a second trainer.
    """
    launched, record = (workspace.root / "run" / name for name in ("pids.txt", "process.txt"))

    def recorded() -> bool:
        pids = launched.read_text().split() if launched.exists() else []
        kept = record.read_text().split() if record.exists() else []
        return len(pids) >= count and kept[:1] == pids[-1:]

    until(recorded, f"{count} launches")
    return [int(word) for word in launched.read_text().split()]


def test_the_next_worker_adopts_the_living_trainer(workers: Workers, workspace: Workspace) -> None:
    job = workers.queue.submit("train", {"run": "run"}, lane="gpu")
    first = workers.start()
    (pid,) = trainers(workspace, 1)
    workers.kill(first)
    assert psutil.Process(pid).is_running()
    second = workers.start()
    until(lambda: workers.queue.get(job.id).owner == f"worker {second.pid}", "it is taken over")
    assert workers.queue.get(job.id).deaths == 1
    (workspace.root / "run" / "release").touch()
    assert workers.wait_for(job, JobState.FINISHED).result == {"model": "a LoRA"}
    assert trainers(workspace, 1) == [pid]


def test_the_next_worker_resumes_a_trainer_that_was_killed_too(
    workers: Workers, workspace: Workspace
) -> None:
    job = workers.queue.submit("train", {"run": "run"}, lane="gpu")
    first = workers.start()
    (pid,) = trainers(workspace, 1)
    state = workspace.root / "run" / "state.txt"
    until(lambda: state.exists() and state.read_text(), "a state is saved")
    workers.kill(first)
    psutil.Process(pid).kill()
    workers.start()
    assert len(trainers(workspace, 2)) == 2
    (workspace.root / "run" / "release").touch()
    workers.wait_for(job, JobState.FINISHED)
    out = (workspace.root / "run" / "out.txt").read_text().splitlines()
    assert out == ["starts at 0", "starts at 5"]


def test_a_stop_reaches_the_trainer_although_the_worker_was_killed(
    workers: Workers, workspace: Workspace
) -> None:
    job = workers.queue.submit("train", {"run": "run"}, lane="gpu")
    first = workers.start()
    (pid,) = trainers(workspace, 1)
    workers.kill(first)
    assert workers.queue.request_stop(job.id).state is JobState.STOPPING
    workers.start()
    workers.wait_for(job, JobState.STOPPED)
    assert not psutil.pid_exists(pid)


def test_a_worker_told_to_end_gives_its_job_back_and_leaves_the_trainer_running(
    workers: Workers, workspace: Workspace
) -> None:
    job = workers.queue.submit("train", {"run": "run"}, lane="gpu")
    first = workers.start()
    (pid,) = trainers(workspace, 1)
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    back = workers.queue.get(job.id)
    assert (back.state, back.deaths) == (JobState.QUEUED, 0)
    assert psutil.Process(pid).is_running()
    workers.start()
    workers.wait_for(job, JobState.RUNNING)
    (workspace.root / "run" / "release").touch()
    workers.wait_for(job, JobState.FINISHED)
    assert trainers(workspace, 1) == [pid]


def test_a_job_that_kills_every_worker_is_lost(workers: Workers) -> None:
    job = workers.queue.submit("die", {}, lane="light")
    for deaths in range(MOST_DEATHS):
        assert workers.start().wait(60) == 9
        assert workers.queue.get(job.id).deaths == deaths
    after = workers.queue.submit("note", {}, lane="light")
    workers.start()
    workers.wait_for(after, JobState.FINISHED)
    assert workers.queue.get(job.id).state is JobState.LOST


def test_a_worker_goes_on_after_the_database_was_lost(
    workers: Workers, workspace: Workspace
) -> None:
    job = workers.queue.submit("wait", {}, lane="light")
    workers.start()
    workers.wait_for(job, JobState.RUNNING)
    for path in workspace.root.glob("t2p.sqlite*"):
        path.unlink(missing_ok=True)
    (workspace.root / "release").touch()
    workers.wait_for(job, JobState.FINISHED)
