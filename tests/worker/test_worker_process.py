from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from job_helpers import until

from lib_t2p.errors import InputError
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.leases import Leases
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.platforms import on_termination
from lib_t2p.worker.__main__ import main
from lib_t2p.worker.main import LEASE, Worker, WorkerOptions
from lib_t2p.workspace.person import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def refuse(_: JobContext) -> dict[str, Any]:
    raise InputError("No photo.")


def break_down(_: JobContext) -> dict[str, Any]:
    raise ZeroDivisionError


def fill_the_memory(_: JobContext) -> dict[str, Any]:
    raise MemoryError


TABLE = {
    "note": lambda context: {"kind": context.job.kind},
    "refuse": refuse,
    "break": break_down,
    "fill": fill_the_memory,
}


def worker(workspace: Workspace, idle_exit: float = 0.0) -> Worker:
    options = WorkerOptions(idle_exit=idle_exit, poll=0.02, beat=0.02)
    return Worker(workspace, TABLE, options, version="1", devices=["cpu"])


def test_an_idle_worker_does_what_waits_and_returns(workspace: Workspace) -> None:
    queue = Queue(workspace)
    jobs = {kind: queue.submit(kind, {}, lane="light") for kind in TABLE}
    worker(workspace).run()
    assert queue.get(jobs["note"].id).result == {"kind": "note"}
    reasons = {kind: queue.get(job.id).reason for kind, job in jobs.items()}
    assert reasons["refuse"] == "No photo."
    assert "(ZeroDivisionError)" in reasons["break"]
    assert "memory was full" in reasons["fill"]
    assert Leases(workspace).holder(LEASE) is None
    assert Heartbeats(workspace).living("worker") == []


def test_a_worker_that_is_not_wanted_returns_without_serving(workspace: Workspace) -> None:
    Leases(workspace).acquire(LEASE, "another worker of this very process", 600)
    Heartbeats(workspace).beat("worker", None, "1")
    queue = Queue(workspace)
    job = queue.submit("note", {}, lane="light")
    worker(workspace).run()
    assert queue.get(job.id).state is JobState.QUEUED


def test_a_terminated_worker_gives_its_job_back(workspace: Workspace) -> None:
    queue = Queue(workspace)
    job = queue.submit("hold", {}, lane="gpu")
    held = threading.Event()
    options = WorkerOptions(idle_exit=600, poll=0.02, beat=0.02)

    def hold(_: JobContext) -> dict[str, Any]:
        held.wait(60)
        return {}

    serving = Worker(workspace, {"hold": hold}, options, version="1", devices=["cpu"])
    thread = threading.Thread(target=serving.run)
    thread.start()
    until(lambda: queue.get(job.id).state is JobState.RUNNING, "the job runs")
    serving.terminate()
    thread.join(60)
    back = queue.get(job.id)
    held.set()
    assert (back.state, back.owner_process) == (JobState.QUEUED, None)


def test_a_worker_leaves_when_asked_although_there_is_more_to_do(workspace: Workspace) -> None:
    queue, beats = Queue(workspace), Heartbeats(workspace)
    serving = worker(workspace, idle_exit=600)
    thread = threading.Thread(target=serving.run)
    thread.start()
    until(lambda: Leases(workspace).holder(LEASE), "it serves")
    beats.ask_to_leave(until(lambda: beats.living("worker"), "it beats")[0])
    thread.join(60)
    assert not thread.is_alive()
    late = queue.submit("note", {}, lane="light")
    assert queue.get(late.id).state is JobState.QUEUED


def test_a_signal_ends_the_worker(workspace: Workspace) -> None:
    serving = worker(workspace, idle_exit=600)
    on_termination(serving.terminate)
    threading.Thread(target=_signal_once_serving, args=(workspace,)).start()
    serving.run()
    assert Leases(workspace).holder(LEASE) is None


def _signal_once_serving(workspace: Workspace) -> None:
    until(lambda: Leases(workspace).holder(LEASE), "it serves")
    signal.raise_signal(signal.SIGTERM)


def test_the_program_serves_a_workspace_and_leaves_when_idle(workspace: Workspace) -> None:
    queue = Queue(workspace)
    job = queue.submit("no.such.kind", {}, lane="light")
    began = time.time()
    assert main(["--workspace", str(workspace.root), "--idle-exit", "0"]) == 0
    ended = queue.get(job.id)
    assert "'no.such.kind'" in ended.reason
    assert ended.ended is not None
    assert ended.ended >= began


def test_the_program_says_why_a_workspace_cannot_be_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    assert main(["--workspace", str(tmp_path / "file")]) == 1
    assert "name a folder for the workspace" in caplog.text
