from __future__ import annotations

import pytest
from job_helpers import Clock

from lib_t2p.errors import JobError
from lib_t2p.files import write_record
from lib_t2p.jobs.arranging import Place
from lib_t2p.jobs.pausing import Pause, pause_queue, read_pause, resume_queue
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.workspace.person import Workspace


def names(queue: Queue) -> str:
    return "".join(job.kind for job in queue.ready(["gpu"]))


def submitted(queue: Queue, kinds: str) -> dict[str, str]:
    return {kind: queue.submit(kind, {}, lane="gpu").id for kind in kinds}


@pytest.mark.parametrize(
    ("job", "to", "other", "order"),
    [
        ("c", "front", "", "cabd"),
        ("b", "back", "", "acdb"),
        ("c", "up", "", "acbd"),
        ("b", "down", "", "acbd"),
        ("a", "up", "", "abcd"),
        ("d", "down", "", "abcd"),
        ("a", "before", "d", "bcad"),
        ("d", "before", "a", "dabc"),
    ],
)
def test_a_waiting_job_gets_another_place(
    queue: Queue, workspace: Workspace, job: str, to: Place, other: str, order: str
) -> None:
    ids = submitted(queue, "abcd")
    new = queue.move(ids[job], to, ids.get(other, ""))
    assert "".join(one.kind for one in new) == order
    assert names(queue) == order
    workspace.database.unlink()
    assert names(queue) == order


def test_what_comes_later_stands_behind_what_was_moved(queue: Queue) -> None:
    ids = submitted(queue, "abc")
    queue.move(ids["a"], "back")
    submitted(queue, "d")
    assert names(queue) == "bcad"


def test_what_began_already_comes_first_and_stays_there(queue: Queue) -> None:
    ids = submitted(queue, "abc")
    assert queue.claim(["gpu"], "worker") is not None
    queue.requeue(ids["a"])
    queue.move(ids["c"], "front")
    assert names(queue) == "acb"
    with pytest.raises(JobError, match="does not wait any more"):
        queue.move(ids["a"], "back")
    with pytest.raises(JobError, match="does not wait any more"):
        queue.move(ids["b"], "before", ids["a"])


def test_a_job_is_not_moved_among_those_of_another_lane(queue: Queue) -> None:
    ids = submitted(queue, "a")
    photos = queue.submit("photos", {}, lane="light")
    with pytest.raises(JobError, match="name another job"):
        queue.move(ids["a"], "before", photos.id)


def test_a_job_waits_for_its_time(queue: Queue, workspace: Workspace, clock: Clock) -> None:
    late = queue.submit("late", {}, lane="gpu", start_at=clock() + 60)
    submitted(queue, "a")
    assert names(queue) == "a"
    workspace.database.unlink()
    clock.forward(59)
    assert names(queue) == "a"
    clock.forward(1)
    assert names(queue) == "latea"
    queue.start_at(late.id, clock() + 5)
    assert names(queue) == "a"
    queue.start_at(late.id, None)
    assert names(queue) == "latea"


def test_a_pause_holds_what_has_not_begun(queue: Queue, workspace: Workspace, clock: Clock) -> None:
    ids = submitted(queue, "ab")
    queue.submit("photos", {}, lane="light")
    assert queue.claim(["gpu"], "worker") is not None
    pause_queue(workspace, clock())
    workspace.database.unlink()
    assert queue.claim(["gpu"], "worker") is None
    assert [job.kind for job in queue.ready(["light", "gpu", "paint"])] == ["photos"]
    queue.requeue(ids["a"])
    assert names(queue) == "a"
    resume_queue(workspace)
    assert names(queue) == "ab"
    resume_queue(workspace)


def test_a_pause_may_end_by_itself(queue: Queue, workspace: Workspace, clock: Clock) -> None:
    submitted(queue, "a")
    pause_queue(workspace, clock(), until=clock() + 10)
    assert read_pause(workspace, clock()) == Pause(clock(), clock() + 10)
    assert names(queue) == ""
    clock.forward(10)
    assert names(queue) == "a"
    assert read_pause(workspace, clock()) is None


def test_a_damaged_pause_does_not_hold_and_a_newer_one_holds_until_it_is_ended(
    queue: Queue, workspace: Workspace
) -> None:
    submitted(queue, "a")
    workspace.pause.write_text('{"schema": 1}', encoding="utf-8")
    assert read_pause(workspace, 0.0) is None
    write_record(workspace.pause, 99, {})
    assert names(queue) == ""
    resume_queue(workspace)
    assert names(queue) == "a"


def test_a_retry_submits_anew_with_what_fell_with_it(queue: Queue) -> None:
    plan = queue.submit("plan", {"grid": "g"}, lane="light", person="ann")
    cells = queue.submit("cells", {"grid": "g"}, lane="paint", person="ann", needs=[plan.id])
    report = queue.submit("report", {"grid": "g"}, lane="light", person="ann", needs=[cells.id])
    queue.submit("other", {}, lane="light")
    queue.finish(plan.id, {})
    queue.fail(cells.id, "No.")
    again = queue.retry(cells.id)
    assert [(j.kind, j.params, j.person, j.state) for j in again] == [
        ("cells", {"grid": "g"}, "ann", JobState.QUEUED),
        ("report", {"grid": "g"}, "ann", JobState.QUEUED),
    ]
    assert again[0].needs == (plan.id,)
    assert again[1].needs == (again[0].id,)
    assert queue.get(report.id).state is JobState.FAILED


def test_a_job_that_is_not_over_or_ended_well_is_not_tried_again(queue: Queue) -> None:
    job = queue.submit("a", {}, lane="light")
    with pytest.raises(JobError, match="is queued"):
        queue.retry(job.id)
    queue.finish(job.id, {})
    with pytest.raises(JobError, match="is finished"):
        queue.retry(job.id)


def test_what_began_on_a_device_is_left_to_it(queue: Queue) -> None:
    submitted(queue, "ab")
    run = queue.claim(["gpu"], "worker", device="gpu:1")
    assert run is not None
    assert run.device == "gpu:1"
    queue.requeue(run.id)
    other = queue.claim(["gpu"], "worker", device="gpu:0", reserved=["gpu:1"])
    assert other is not None
    assert other.kind == "b"
    back = queue.claim(["gpu"], "worker", device="gpu:1", reserved=["gpu:0"])
    assert back is not None
    assert back.kind == "a"
