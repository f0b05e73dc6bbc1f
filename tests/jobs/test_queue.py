from __future__ import annotations

import json

import pytest
from job_helpers import FullDisk

from lib_t2p.errors import JobError, WorkspaceError
from lib_t2p.jobs.events.events import EventReader, Failed, Finished, Started, StoppedEvent
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.workspace.person import Workspace


def chain(queue: Queue) -> list[Job]:
    """plan <- cells <- scores, as a grid submits them."""
    jobs: list[Job] = []
    for kind, lane in (("plan", "light"), ("cells", "paint"), ("scores", "light")):
        needs = [jobs[-1].id] if jobs else []
        jobs.append(queue.submit(kind, {}, lane=lane, needs=needs))  # type: ignore[arg-type]
    return jobs


def states(queue: Queue) -> list[str]:
    return [job.state.value for job in queue.jobs()]


def test_a_submitted_job_is_read_back_as_it_was(queue: Queue) -> None:
    job = queue.submit("train.run", {"run": "é", "n": [1, 2]}, lane="gpu", person="ann")
    assert queue.get(job.id) == job
    assert (job.state, job.params, job.person) == (
        JobState.QUEUED,
        {"run": "é", "n": [1, 2]},
        "ann",
    )


def test_ids_sort_in_the_order_of_submission_within_one_second(queue: Queue) -> None:
    ids = [queue.submit("a", {"n": n}, lane="light").id for n in range(12)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 12
    assert [job.id for job in queue.jobs()] == ids


def test_jobs_are_chosen_by_state_person_and_kind(queue: Queue) -> None:
    one = queue.submit("a", {}, lane="light", person="ann")
    two = queue.submit("b", {}, lane="light", person="ann")
    queue.submit("a", {}, lane="light", person="bob")
    queue.claim(["light"], "me")
    assert [j.id for j in queue.jobs(person="ann")] == [one.id, two.id]
    assert [j.id for j in queue.jobs(person="ann", kind="a")] == [one.id]
    assert [j.id for j in queue.jobs(states=[JobState.RUNNING])] == [one.id]
    assert queue.jobs(states=[]) == []


def test_a_claim_gives_the_oldest_job_of_the_lane_once(queue: Queue) -> None:
    queue.submit("a", {}, lane="gpu")
    light = queue.submit("b", {}, lane="light")
    claimed = queue.claim(["light"], "worker 1")
    assert claimed is not None
    assert (claimed.id, claimed.state, claimed.owner) == (light.id, JobState.RUNNING, "worker 1")
    assert queue.claim(["light"], "worker 2") is None


def test_a_job_waits_until_its_need_is_finished(queue: Queue) -> None:
    plan, cells, _ = chain(queue)
    assert queue.claim(["paint"], "painter") is None
    queue.claim(["light"], "worker")
    assert queue.claim(["light", "paint"], "any") is None
    queue.finish(plan.id, {"cells": 3})
    claimed = queue.claim(["paint"], "painter")
    assert claimed is not None
    assert claimed.id == cells.id


def test_a_need_must_exist(queue: Queue) -> None:
    with pytest.raises(JobError, match="no job 'x'"):
        queue.submit("a", {}, lane="light", needs=["x"])
    assert queue.jobs() == []


def test_a_failed_need_fails_the_whole_chain_and_names_the_job_that_broke(queue: Queue) -> None:
    plan, *_ = chain(queue)
    queue.claim(["light"], "worker")
    queue.fail(plan.id, "The plan has no prompt.")
    assert states(queue) == ["failed", "failed", "failed"]
    for job in queue.jobs()[1:]:
        assert job.reason == f"It needs plan (job {plan.id}), which failed: The plan has no prompt."


def test_a_job_that_needs_a_failed_one_fails_when_it_is_submitted(queue: Queue) -> None:
    plan, *_ = chain(queue)
    queue.fail(plan.id, "No.")
    late = queue.submit("late", {}, lane="light", needs=[plan.id])
    assert late.state is JobState.FAILED
    assert plan.id in late.reason


def test_stopping_a_waiting_job_stops_what_needs_it(queue: Queue) -> None:
    plan, cells, scores = chain(queue)
    assert queue.request_stop(cells.id).state is JobState.STOPPED
    assert states(queue) == ["queued", "stopped", "stopped"]
    assert cells.id in queue.get(scores.id).reason
    assert queue.get(plan.id).reason == ""


def test_stopping_a_running_job_asks_it_and_then_stops_what_needs_it(queue: Queue) -> None:
    plan, *_ = chain(queue)
    queue.claim(["light"], "worker")
    assert queue.request_stop(plan.id).state is JobState.STOPPING
    assert states(queue) == ["stopping", "queued", "queued"]
    queue.stopped(plan.id, "Stopped as you asked.")
    assert states(queue) == ["stopped", "stopped", "stopped"]


def test_a_job_may_finish_although_it_was_asked_to_stop(queue: Queue) -> None:
    plan, *_ = chain(queue)
    queue.claim(["light"], "worker")
    queue.request_stop(plan.id)
    assert queue.finish(plan.id, {"cells": 1}).state is JobState.FINISHED
    assert states(queue) == ["finished", "queued", "queued"]


def test_a_second_stop_changes_nothing(queue: Queue) -> None:
    job = queue.submit("a", {}, lane="light")
    queue.request_stop(job.id)
    assert queue.request_stop(job.id) == queue.get(job.id)


def test_a_job_that_is_over_stays_as_it_is(queue: Queue) -> None:
    job = queue.submit("a", {}, lane="light")
    queue.finish(job.id, {"n": 1})
    for change in (
        lambda: queue.fail(job.id, "late"),
        lambda: queue.finish(job.id, {}),
        lambda: queue.requeue(job.id),
    ):
        with pytest.raises(JobError, match="over already"):
            change()
    assert queue.get(job.id).result == {"n": 1}


def test_a_job_given_back_is_claimed_again_and_keeps_its_first_start(
    queue: Queue, clock: object
) -> None:
    job = queue.submit("a", {}, lane="light")
    first = queue.claim(["light"], "one")
    clock.forward(100)  # type: ignore[attr-defined]
    assert queue.requeue(job.id).owner_process is None
    second = queue.claim(["light"], "two")
    assert first is not None
    assert second is not None
    assert second.started == first.started
    assert second.deaths == 0


def test_the_record_of_a_job_follows_every_change(queue: Queue, workspace: Workspace) -> None:
    job = queue.submit("a", {"x": 1}, lane="light")
    record = workspace.job(job.id).record

    def state() -> str:
        return str(json.loads(record.read_text(encoding="utf-8"))["state"])

    assert state() == "queued"
    queue.claim(["light"], "me")
    assert state() == "running"
    queue.request_stop(job.id)
    assert state() == "stopping"
    queue.stopped(job.id, "Stopped.")
    assert state() == "stopped"


def test_start_and_end_are_told_as_events(queue: Queue, workspace: Workspace) -> None:
    ends = {
        "finish": (lambda i: queue.finish(i, {"n": 2}), Finished),
        "fail": (lambda i: queue.fail(i, "It broke."), Failed),
        "stop": (lambda i: queue.stopped(i, "Enough."), StoppedEvent),
    }
    for kind, (end, cls) in ends.items():
        job = queue.submit(kind, {}, lane="light")
        queue.claim(["light"], "worker 7")
        end(job.id)
        started, ended = EventReader(workspace.job(job.id).events).read_new()
        assert started == Started(started.t, "worker 7")
        assert isinstance(ended, cls)


def test_a_job_whose_record_cannot_be_written_is_not_submitted(
    queue: Queue, workspace: Workspace, full_disk: FullDisk
) -> None:
    with full_disk.at("job.json"), pytest.raises(WorkspaceError, match="disk is full"):
        queue.submit("a", {}, lane="light")
    assert queue.jobs() == []
    assert not list(workspace.jobs.iterdir())
    assert queue.submit("a", {}, lane="light").state is JobState.QUEUED


@pytest.mark.parametrize("text", ["\ud800", "a\udcffb"])
def test_a_text_that_no_file_can_hold_is_refused_in_a_sentence(queue: Queue, text: str) -> None:
    with pytest.raises(JobError, match="cannot be queued: a text in it is no Unicode"):
        queue.submit("a", {"x": [text]}, lane="light")
    assert queue.jobs() == []


def test_a_file_in_the_place_of_the_job_folders_is_moved_out_of_the_way(
    queue: Queue, workspace: Workspace
) -> None:
    workspace.jobs.write_text("mine")
    job = queue.submit("a", {}, lane="light")
    assert workspace.job(job.id).record.is_file()
    assert (workspace.root / "jobs.set-aside-1").read_text() == "mine"


def test_an_unknown_job_is_named(queue: Queue) -> None:
    with pytest.raises(JobError, match="no job '20200101-000000-00001'"):
        queue.get("20200101-000000-00001")
