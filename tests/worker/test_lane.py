from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

import pytest
from job_helpers import FullDisk, until

from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.worker import lane as lane_module
from lib_t2p.worker.lane import LaneThread, WorkerOptions
from lib_t2p.workspace.person import Workspace


def test_a_job_whose_end_cannot_be_written_ends_once_the_disk_is_there_again(
    workspace: Workspace, full_disk: FullDisk
) -> None:
    full = ExitStack()

    def fill_the_disk(context: JobContext) -> dict[str, Any]:
        full.enter_context(full_disk.at("job.json"))
        return {}

    queue = Queue(workspace)
    job = queue.submit("fill", {}, lane="light")
    after = queue.submit("after", {}, lane="light")
    lane = LaneThread(
        workspace,
        "light",
        {"fill": fill_the_disk, "after": lambda _: {"n": 1}},
        owner="worker",
        options=WorkerOptions(poll=0.02),
        clock=time.time,
    )
    lane.start()
    until(lambda: job.id in (lane.at_work() or ()) and not lane.current, "the function is through")
    assert queue.get(job.id).state is JobState.RUNNING
    full.close()
    until(lambda: queue.get(after.id).is_over, "the lane goes on")
    lane.leave()
    lane.join(30)
    assert queue.get(job.id).state is JobState.FAILED
    assert "disk is full" in queue.get(job.id).reason
    assert queue.get(after.id).result == {"n": 1}


def test_what_a_job_tells_is_dropped_when_it_cannot_be_written(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    queue = Queue(workspace)
    queue.submit("a", {}, lane="light")
    job = queue.claim(["light"], "test")
    assert job is not None
    context = JobContext(job, workspace, queue)
    context.folder.events.unlink()
    context.folder.events.mkdir()
    context.progress(1, 2, "step")
    assert "is lost" in caplog.text


def test_memory_is_given_back_after_each_job_that_went_well_or_not(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[str] = []
    monkeypatch.setattr(lane_module, "give_memory_back", lambda: given_back.append("now"))

    def fails(_: JobContext) -> dict[str, Any]:
        raise ValueError("odd")

    queue = Queue(workspace)
    jobs = [queue.submit(kind, {}, lane="light") for kind in ("well", "badly")]
    lane = LaneThread(
        workspace,
        "light",
        {"well": lambda _: {}, "badly": fails},
        owner="worker",
        options=WorkerOptions(poll=0.02),
        clock=time.time,
    )
    lane.start()
    until(lambda: all(queue.get(job.id).is_over for job in jobs), "both are over")
    lane.leave()
    lane.join(30)
    assert given_back == ["now", "now"]
