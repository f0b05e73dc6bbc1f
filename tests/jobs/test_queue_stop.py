from __future__ import annotations

import pytest

from lib_t2p.errors import StopRequested
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.workspace.person import Workspace


@pytest.fixture
def run(queue: Queue) -> Job:
    queue.submit("train.run", {}, lane="gpu")
    job = queue.claim(["gpu"], "worker")
    assert job is not None
    return job


def test_a_stop_after_the_next_save_lets_the_work_go_on(
    queue: Queue, workspace: Workspace, run: Job
) -> None:
    context = JobContext(run, workspace, queue)
    assert not context.stop_after_save()
    asked = queue.request_stop(run.id, when="after_save")
    assert (asked.state, asked.stop) == (JobState.STOPPING, "after_save")
    assert context.stop_after_save()
    context.check_stop()


def test_a_wish_for_later_may_become_one_for_now(
    queue: Queue, workspace: Workspace, run: Job
) -> None:
    context = JobContext(run, workspace, queue)
    queue.request_stop(run.id, when="after_save")
    queue.request_stop(run.id, when="now")
    assert not context.stop_after_save()
    with pytest.raises(StopRequested, match="is kept"):
        context.check_stop()


def test_a_wish_for_now_is_not_put_off(queue: Queue, run: Job) -> None:
    queue.request_stop(run.id)
    assert queue.request_stop(run.id, when="after_save").stop == "now"


def test_a_stop_for_later_outlives_the_worker_and_the_database(
    queue: Queue, workspace: Workspace, run: Job
) -> None:
    queue.request_stop(run.id, when="after_save")
    queue.requeue(run.id)
    workspace.database.unlink()
    again = queue.claim(["gpu"], "next")
    assert again is not None
    assert (again.id, again.state, again.stop) == (run.id, JobState.STOPPING, "after_save")
    assert JobContext(again, workspace, queue).stop_after_save()


def test_what_began_and_was_given_back_is_stopped_by_the_next_worker(
    queue: Queue, workspace: Workspace, run: Job
) -> None:
    queue.requeue(run.id)
    assert queue.request_stop(run.id).state is JobState.STOPPING
    again = queue.claim(["gpu"], "next")
    assert again is not None
    with pytest.raises(StopRequested):
        JobContext(again, workspace, queue).check_stop()
