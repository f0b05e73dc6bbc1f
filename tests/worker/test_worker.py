from __future__ import annotations

import json

import pytest
from job_helpers import until
from worker_helpers import Workers

from lib_t2p.jobs.events.events import EventReader, Phase, Started
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.leases import Leases, device_lease
from lib_t2p.jobs.queue import JobState
from lib_t2p.workspace.person import Workspace

pytestmark = pytest.mark.slow


def test_light_jobs_go_on_while_a_gpu_job_runs(workers: Workers, workspace: Workspace) -> None:
    run = workers.queue.submit("wait", {}, lane="gpu")
    workers.start()
    workers.wait_for(run, JobState.RUNNING)
    light = workers.queue.submit("note", {"n": 3}, lane="light")
    assert workers.wait_for(light, JobState.FINISHED).result["n"] == 3
    assert workers.queue.get(run.id).state is JobState.RUNNING
    (workspace.root / "release").touch()
    workers.wait_for(run, JobState.FINISHED)
    events = EventReader(workspace.job(light.id).events).read_new()
    assert [type(event) for event in events[:2]] == [Started, Phase]


def test_a_chain_runs_in_order(workers: Workers) -> None:
    first = workers.queue.submit("note", {}, lane="gpu")
    second = workers.queue.submit("note", {}, lane="light", needs=[first.id])
    workers.start()
    done = workers.wait_for(second, JobState.FINISHED)
    before = workers.queue.get(first.id)
    assert before.ended is not None
    assert done.started is not None
    assert before.ended <= done.started


def test_every_end_of_a_job_has_its_sentence(workers: Workers, workspace: Workspace) -> None:
    refused = workers.queue.submit("refuse", {}, lane="light")
    broken = workers.queue.submit("break", {}, lane="light")
    unspeakable = workers.queue.submit("unspeakable", {}, lane="light")
    unknown = workers.queue.submit("paint.wall", {}, lane="light")
    after = workers.queue.submit("note", {}, lane="light")
    workers.start()
    assert workers.wait_for(refused, JobState.FAILED).reason == "There is no photo: add some."
    reason = workers.wait_for(broken, JobState.FAILED).reason
    assert "ended unexpectedly (ZeroDivisionError: a fault of ours)" in reason
    assert "Traceback" not in reason
    log = workspace.job(broken.id).log.read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "break_down" in log
    assert "not JSON serializable" in workers.wait_for(unspeakable, JobState.FAILED).reason
    assert "'paint.wall'" in workers.wait_for(unknown, JobState.FAILED).reason
    workers.wait_for(after, JobState.FINISHED)


def test_a_running_job_stops_when_asked(workers: Workers) -> None:
    job = workers.queue.submit("wait", {}, lane="light")
    later = workers.queue.submit("note", {}, lane="light", needs=[job.id])
    workers.start()
    workers.wait_for(job, JobState.RUNNING)
    workers.queue.request_stop(job.id)
    assert "as you asked" in workers.wait_for(job, JobState.STOPPED).reason
    assert workers.queue.get(later.id).state is JobState.STOPPED


def test_a_run_waits_until_the_painter_gives_the_device_back(
    workers: Workers, workspace: Workspace
) -> None:
    leases = Leases(workspace)
    assert leases.acquire(device_lease(), "painter", 600)
    run = workers.queue.submit("note", {}, lane="gpu")
    workers.start()
    for n in range(3):
        light = workers.queue.submit("note", {"n": n}, lane="light")
        workers.wait_for(light, JobState.FINISHED)
    assert workers.queue.get(run.id).state is JobState.QUEUED
    leases.release(device_lease(), "painter")
    workers.wait_for(run, JobState.FINISHED)


def test_the_device_is_held_while_a_run_goes_on(workers: Workers, workspace: Workspace) -> None:
    run = workers.queue.submit("wait", {}, lane="gpu")
    workers.start()
    workers.wait_for(run, JobState.RUNNING)
    leases = Leases(workspace)
    assert not leases.acquire(device_lease(), "painter", 600)
    (workspace.root / "release").touch()
    workers.wait_for(run, JobState.FINISHED)
    until(lambda: leases.acquire(device_lease(), "painter", 600), "the device comes free")


def test_a_second_worker_leaves_at_once(workers: Workers) -> None:
    job = workers.queue.submit("wait", {}, lane="light")
    first = workers.start()
    workers.wait_for(job, JobState.RUNNING)
    assert workers.start().wait(60) == 0
    assert first.poll() is None


def test_a_worker_with_newer_code_takes_over_after_the_job(
    workers: Workers, workspace: Workspace
) -> None:
    job = workers.queue.submit("wait", {}, lane="light")
    old = workers.start("--version", "old")
    workers.wait_for(job, JobState.RUNNING)
    beats = Heartbeats(workspace)
    beats.ask_to_leave(beats.living("worker")[0])
    new = workers.serving("--version", "new")
    later = workers.queue.submit("note", {}, lane="gpu")
    (workspace.root / "release").touch()
    assert workers.wait_for(job, JobState.FINISHED).result["pid"] == old.pid
    assert old.wait(60) == 0
    assert workers.wait_for(later, JobState.FINISHED).result["pid"] == new.pid


def test_an_idle_worker_leaves(workers: Workers, workspace: Workspace) -> None:
    job = workers.queue.submit("note", {}, lane="light")
    worker = workers.start("--idle-exit", "0.2")
    workers.wait_for(job, JobState.FINISHED)
    assert worker.wait(60) == 0
    assert Heartbeats(workspace).living("worker") == []


def test_a_worker_stays_while_pictures_are_being_painted(
    workers: Workers, workspace: Workspace
) -> None:
    cells = workers.queue.submit("cells", {}, lane="paint")
    scores = workers.queue.submit("note", {}, lane="light", needs=[cells.id])
    worker = workers.serving("--idle-exit", "0")
    claimed = workers.queue.claim(["paint"], "host")
    assert claimed is not None
    workers.queue.finish(claimed.id, {})
    workers.wait_for(scores, JobState.FINISHED)
    assert worker.wait(60) == 0


def test_the_record_tells_which_worker_has_the_job(workers: Workers, workspace: Workspace) -> None:
    job = workers.queue.submit("wait", {}, lane="light")
    worker = workers.start()
    workers.wait_for(job, JobState.RUNNING)
    record = json.loads(workspace.job(job.id).record.read_text(encoding="utf-8"))
    assert record["owner_process"][0] == worker.pid
