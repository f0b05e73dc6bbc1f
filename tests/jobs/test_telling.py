"""The last event of a job is written once, whenever its process died."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from job_helpers import FullDisk

from lib_t2p.jobs import job_store
from lib_t2p.jobs.events.events import (
    Event,
    EventReader,
    Failed,
    Finished,
    Phase,
    Progress,
    StoppedEvent,
    append_event,
)
from lib_t2p.jobs.processes.processes import ProcessRecord
from lib_t2p.jobs.queue import Job, Queue
from lib_t2p.workspace.person import Workspace

ENDS: dict[str, tuple[Callable[[Queue, str], Job], type[Event]]] = {
    "finished": (lambda queue, i: queue.finish(i, {"n": 2}), Finished),
    "failed": (lambda queue, i: queue.fail(i, "It broke."), Failed),
    "stopped": (lambda queue, i: queue.stopped(i, "Enough."), StoppedEvent),
}


def killed_before_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this process died right after the commit."""
    dead = ProcessRecord(1 << 30, 1.0)
    monkeypatch.setattr("lib_t2p.jobs.job_record.current_process", lambda: dead)
    monkeypatch.setattr(job_store.JobStore, "_append", lambda *_: None)


def last_events(workspace: Workspace, job: Job) -> list[Event]:
    told = EventReader(workspace.job(job.id).events).read_new()
    return [e for e in told if isinstance(e, (Finished, Failed, StoppedEvent))]


@pytest.mark.parametrize("end", ENDS)
def test_an_end_that_was_not_told_is_told_once_by_the_next_recovery(
    queue: Queue, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    job = queue.submit("a", {}, lane="light")
    queue.claim(["light"], "me")
    ending, cls = ENDS[end]
    with monkeypatch.context() as patch:
        killed_before_the_event(patch)
        ended = ending(queue, job.id)
    assert last_events(workspace, job) == []
    for _ in range(2):
        Queue(workspace).recover()
        (event,) = last_events(workspace, job)
        assert isinstance(event, cls)
        assert event.t == ended.ended


def test_an_end_whose_process_died_right_after_telling_it_is_not_told_twice(
    queue: Queue, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue.submit("a", {}, lane="light")
    with monkeypatch.context() as patch:
        killed_before_the_event(patch)
        queue.finish(job.id, {})
    append_event(workspace.job(job.id).events, Finished(1.0, {}))
    Queue(workspace).recover()
    assert len(last_events(workspace, job)) == 1


def test_ends_are_told_after_the_database_was_lost_too(
    queue: Queue, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, untold = (queue.submit("a", {}, lane="light") for _ in range(2))
    queue.finish(told.id, {})
    with monkeypatch.context() as patch:
        killed_before_the_event(patch)
        queue.finish(untold.id, {})
    workspace.database.unlink()
    Queue(workspace).recover()
    assert [len(last_events(workspace, job)) for job in (told, untold)] == [1, 1]


def test_an_end_that_met_a_full_disk_is_told_when_there_is_room_again(
    queue: Queue, workspace: Workspace, full_disk: FullDisk, clock: Any
) -> None:
    job = queue.submit("a", {}, lane="light")
    with full_disk.at("events.jsonl"):
        queue.finish(job.id, {})
    clock.forward(61)
    queue.recover()
    assert len(last_events(workspace, job)) == 1


def test_half_a_line_costs_only_itself(workspace: Workspace, queue: Queue) -> None:
    path = workspace.job(queue.submit("a", {}, lane="light").id).events
    append_event(path, Phase(1.0, "one"))
    with path.open("ab") as file:
        file.write(b'{"v":1,"type":"phase","t":2.0,"na')
    append_event(path, Phase(3.0, "three"))
    assert EventReader(path).read_new() == [Phase(1.0, "one"), Phase(3.0, "three")]


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe",
        b"[]",
        b'{"v":1,"type":"progress","t":1.0,"done":"3","total":9,"unit":"step"}',
        b'{"v":1,"type":"progress","t":1.0,"done":null,"total":9,"unit":"step"}',
        b'{"v":1,"type":"progress","t":1.0,"done":' + b"9" * 5000 + b',"total":9,"unit":"x"}',
        b'{"v":1,"type":"progress","t":1.0}',
        b'{"v":1,"type":["progress"],"t":1.0}',
        b'{"v":1,"type":"finished","t":1.0,"result":7}',
        b"[" * 100_000,
    ],
)
def test_odd_lines_are_passed_over_also_when_deaths_are_counted(
    queue: Queue, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    job = queue.submit("a", {}, lane="light")
    queue.claim(["light"], "me")
    with workspace.job(job.id).events.open("ab") as file:
        file.write(line + b"\n")
    append_event(workspace.job(job.id).events, Progress(time.time(), 1, 9, "step"))
    monkeypatch.setattr("lib_t2p.jobs.recovery.is_alive", lambda _: False)
    (back,) = queue.recover()
    assert (back.id, back.deaths) == (job.id, 1)


def test_a_text_with_a_line_separator_stays_one_event(workspace: Workspace, queue: Queue) -> None:
    path = workspace.job(queue.submit("a", {}, lane="light").id).events
    append_event(path, Phase(1.0, "one\u2028two\x85three"))
    assert EventReader(path).read_new() == [Phase(1.0, "one\u2028two\x85three")]
