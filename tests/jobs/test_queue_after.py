"""Jobs that only wait until others are over, however these ended."""

from __future__ import annotations

import pytest

from lib_t2p.errors import JobError
from lib_t2p.jobs.queue import ONLY_OVER, Job, JobState, Queue


def page_after(queue: Queue, runs: list[Job]) -> Job:
    needs = [run.id + ONLY_OVER for run in runs]
    return queue.submit("page", {}, lane="light", needs=needs)


def test_it_begins_once_all_are_over_although_one_failed(queue: Queue) -> None:
    runs = [queue.submit("run", {"n": n}, lane="gpu") for n in range(2)]
    page = page_after(queue, runs)
    for run in runs:
        assert queue.claim(["light"], "me") is None
        queue.claim(["gpu"], "me")
        queue.fail(run.id, "out of memory")
    claimed = queue.claim(["light"], "me")
    assert claimed is not None
    assert claimed.id == page.id


def test_a_stopped_job_does_not_stop_it(queue: Queue) -> None:
    run = queue.submit("run", {}, lane="gpu")
    page = page_after(queue, [run])
    queue.request_stop(run.id)
    assert queue.get(page.id).state is JobState.QUEUED
    assert [job.id for job in queue.ready(["light"])] == [page.id]


def test_it_may_follow_a_job_that_failed_already(queue: Queue) -> None:
    run = queue.submit("run", {}, lane="gpu")
    queue.claim(["gpu"], "me")
    queue.fail(run.id, "no images")
    assert page_after(queue, [run]).state is JobState.QUEUED


def test_it_cannot_wait_for_a_job_that_does_not_exist(queue: Queue) -> None:
    with pytest.raises(JobError, match="no job 'x'"):
        queue.submit("page", {}, lane="light", needs=["x" + ONLY_OVER])
