"""Before a run the open WebUI is asked for its memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.errors import StopRequested
from lib_t2p.jobs.events.events import EventReader, Warned
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.host_requests import HostRequests
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.queue import Queue
from lib_t2p.worker.training_jobs import make_room
from lib_t2p.workspace.person import open_workspace


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    workspace, clock = open_workspace(tmp_path), Clock()
    queue = Queue(workspace, clock)
    queue.submit("train.run", {}, lane="gpu")
    job = queue.claim(["gpu"], "worker")
    assert job is not None
    return JobContext(job, workspace, queue, clock)


def warnings(context: JobContext) -> list[str]:
    events = EventReader(context.folder.events).read_new()
    return [event.message for event in events if isinstance(event, Warned)]


def open_host(context: JobContext) -> HostRequests:
    Heartbeats(context.workspace, context.clock).beat("host")
    return HostRequests(context.workspace, context.clock)


def never(_: float) -> None:
    raise AssertionError("waited without a host")


def test_without_a_host_nothing_is_asked(context: JobContext) -> None:
    make_room(context, sleep=never)
    assert HostRequests(context.workspace, context.clock).waiting(10) == []


@pytest.mark.parametrize("answer", ["", "The WebUI is busy: wait."])
def test_the_run_begins_when_the_host_has_answered(context: JobContext, answer: str) -> None:
    requests = open_host(context)

    def host_answers(_: float) -> None:
        for request in requests.waiting(10):
            assert request.what == "unload"
            requests.answer(request.id, answer)

    make_room(context, sleep=host_answers)
    assert requests.waiting(10) == []
    assert warnings(context) == ([answer] if answer else [])


def test_a_silent_host_becomes_a_warning(context: JobContext) -> None:
    open_host(context)
    clock = context.clock
    assert isinstance(clock, Clock)

    def time_passes(seconds: float) -> None:
        clock.now += seconds

    make_room(context, limit=5, sleep=time_passes)
    assert "did not give its memory back within 5 s" in warnings(context)[0]


def test_a_stopped_run_waits_no_longer(context: JobContext) -> None:
    open_host(context)

    def person_stops(_: float) -> None:
        context.queue.request_stop(context.job.id)

    with pytest.raises(StopRequested):
        make_room(context, sleep=person_stops)
