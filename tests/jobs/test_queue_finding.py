from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from job_helpers import Clock

from lib_t2p.errors import JobError
from lib_t2p.jobs import job_search as finding
from lib_t2p.jobs.database import Database
from lib_t2p.jobs.job import ACTIVE, JobState
from lib_t2p.jobs.job_reading import from_row
from lib_t2p.jobs.job_rows import JobRows
from lib_t2p.jobs.job_search import Wanted
from lib_t2p.jobs.queue import Job, Queue
from lib_t2p.jobs.schema import MIGRATIONS
from lib_t2p.workspace.person import Workspace


def submitted(queue: Queue, number: int, kind: str = "train.run", person: str = "ann") -> list[Job]:
    return [
        queue.submit(kind, {"run": f"r{n}", "n": n}, lane="gpu", person=person)
        for n in range(number)
    ]


def ended(queue: Queue, job: Job) -> Job:
    return queue.request_stop(job.id)


def ids(jobs: list[Job]) -> list[str]:
    return [job.id for job in jobs]


def test_pages_of_the_newest_jobs_hold_each_job_once_newest_first(queue: Queue) -> None:
    jobs = submitted(queue, 7)
    first = queue.newest(3)
    second = queue.newest(3, before=first[-1].id)
    third = queue.newest(3, before=second[-1].id)
    assert ids([*first, *second, *third]) == ids(jobs)[::-1]
    assert queue.newest(3, before=third[-1].id) == []


def test_a_page_before_a_job_that_never_was_says_so(queue: Queue) -> None:
    with pytest.raises(JobError, match="no job 'x'"):
        queue.newest(3, before="x")


def test_the_newest_are_narrowed_to_people_kinds_states_and_parameters(queue: Queue) -> None:
    ann, bob = submitted(queue, 3), submitted(queue, 3, person="bob")
    other = submitted(queue, 1, kind="dataset.build")
    gone = ended(queue, ann[2])
    assert ids(queue.newest(9, person="ann")) == ids([*other, *ann[::-1]])
    assert ids(queue.newest(1, person=["bob", "ann"])) == ids(other)
    assert ids(queue.newest(9, kind=["train.run"], person=["bob"])) == ids(bob)[::-1]
    assert ids(queue.newest(1, states=ACTIVE, person="ann", kind="train.run")) == [ann[1].id]
    assert ids(queue.newest(9, about={"run": "r2"})) == [bob[2].id, gone.id]
    assert ids(queue.jobs(about={"n": 2}, person="ann")) == [gone.id]
    assert queue.newest(9, about={"sweep": "r2"}) == []


def test_a_value_with_quotes_is_only_compared(queue: Queue) -> None:
    job = queue.submit("a", {"run": 'it\'s "é" OR 1 --'}, lane="light")
    queue.submit("a", {"run": "other"}, lane="light")
    assert ids(queue.jobs(about={"run": 'it\'s "é" OR 1 --'})) == [job.id]


def test_of_each_run_the_newest_job_is_given_and_what_is_not_over(queue: Queue) -> None:
    first, second = submitted(queue, 2), submitted(queue, 2)
    assert ids(queue.newest_of_each("run", "ann", "train.run")) == ids([*first, *second])[::-1]
    for job in (*first, *second):
        ended(queue, job)
    assert ids(queue.newest_of_each("run", "ann", ["train.run"])) == ids(second)[::-1]
    assert queue.newest_of_each("run", "bob", "train.run") == []


def test_what_ended_last_comes_first_and_pages_follow_each_other(
    queue: Queue, clock: Clock
) -> None:
    jobs = submitted(queue, 4)
    for job in (jobs[2], jobs[0], jobs[1]):
        clock.now += 5
        ended(queue, job)
    assert ids(queue.ended(2)) == [jobs[1].id, jobs[0].id]
    assert ids(queue.ended(2, 2)) == [jobs[2].id]


def test_states_are_counted(queue: Queue) -> None:
    assert queue.counts() == {}
    ended(queue, submitted(queue, 3)[0])
    submitted(queue, 1, person="bob")
    assert queue.counts() == {JobState.QUEUED: 3, JobState.STOPPED: 1}
    assert queue.counts("bob") == {JobState.QUEUED: 1}


def test_the_beginning_of_the_queue_is_what_began_then_what_waits_in_its_order(
    queue: Queue,
) -> None:
    jobs = submitted(queue, 4)
    ended(queue, jobs[0])
    queue.claim(["gpu"], "me")
    queue.move(jobs[3].id, "front")
    assert ids(queue.in_order(2)) == [jobs[1].id, jobs[3].id]
    assert queue.active_ids() == set(ids(jobs[1:]))


def plan_of(workspace: Workspace, asked: Callable[[sqlite3.Connection], object]) -> str:
    """How SQLite finds what is asked, one step a line."""

    def look(connection: sqlite3.Connection) -> str:
        told: list[str] = []
        connection.set_trace_callback(told.append)
        asked(connection)
        connection.set_trace_callback(None)
        steps = connection.execute(f"EXPLAIN QUERY PLAN {told[0]}").fetchall()
        return "\n".join(str(step[3]) for step in steps)

    return Database(workspace).read(look)


ASKED: dict[str, tuple[Callable[[sqlite3.Connection], object], str]] = {
    "active": (lambda c: finding.find_jobs(c, Wanted.of(ACTIVE)), "jobs_by_state"),
    "in order": (lambda c: finding.jobs_in_order(c, 9), "jobs_by_state"),
    "active ids": (finding.active_ids, "jobs_by_state"),
    "counts": (lambda c: finding.count_jobs(c, Wanted.of()), "jobs_by_state"),
    "of a person": (lambda c: finding.find_jobs(c, Wanted.of(person="ann")), "jobs_by_person"),
    "of a kind": (lambda c: finding.newest_jobs(c, Wanted.of(kind="a"), 9), "jobs_by_kind"),
    "ended": (lambda c: finding.ended_jobs(c, 9), "jobs_over"),
    "page": (lambda c: finding.newest_jobs(c, Wanted.of(), 9, "x"), "INTEGER PRIMARY KEY"),
    "each run": (
        lambda c: finding.newest_of_each(c, Wanted.of(person="ann", kind=["a", "b"]), "run"),
        "jobs_by_person",
    ),
    "rank": (lambda c: c.execute("SELECT coalesce(max(rank), 0) FROM jobs"), "jobs_by_rank"),
}


def rows_of(connection: sqlite3.Connection, workspace: Workspace, clock: Clock) -> JobRows:
    return JobRows(connection, workspace, clock)


@pytest.mark.parametrize("lane", ["light", "gpu"])
def test_the_look_for_work_is_answered_by_indexes(
    workspace: Workspace, clock: Clock, lane: str
) -> None:
    plan = plan_of(workspace, lambda c: rows_of(c, workspace, clock).ready([lane], ["gpu:1"], 1))  # type: ignore[list-item]
    assert "jobs_by_state (state=? AND lane=?)" in plan
    assert "other USING INDEX sqlite_autoindex_jobs_1 (id=?)" in plan
    assert "SCAN jobs" not in plan


def test_the_same_jobs_of_a_person_are_found_by_an_index(
    workspace: Workspace, clock: Clock
) -> None:
    plan = plan_of(workspace, lambda c: rows_of(c, workspace, clock).active("ann", "a"))
    assert "USING INDEX" in plan
    assert "SCAN jobs" not in plan


def test_a_look_for_work_reads_the_job_that_it_takes_and_no_other(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = queue.submit("a", {}, lane="paint")
    queue.submit("waits", {}, lane="gpu", needs=[blocked.id])
    queue.submit("waits until it is over", {}, lane="gpu", needs=[blocked.id + "?"])
    jobs = submitted(queue, 20)
    read: list[str] = []

    def counted(row: Any) -> Job:
        read.append(str(row["id"]))
        return from_row(row)

    monkeypatch.setattr("lib_t2p.jobs.job_rows.from_row", counted)
    assert ids(queue.ready(["gpu"], most=1)) == [jobs[0].id]
    assert read == [jobs[0].id]
    assert ids(queue.ready(["gpu"])) == ids(jobs)


@pytest.mark.parametrize("asked", list(ASKED))
def test_an_index_answers(workspace: Workspace, asked: str) -> None:
    ask, index = ASKED[asked]
    plan = plan_of(workspace, ask)
    assert index in plan
    assert "SCAN jobs\n" not in plan + "\n"


@pytest.mark.parametrize("asked", ["of a kind", "ended", "page"])
def test_a_page_is_read_in_the_order_of_its_index_without_sorting(
    workspace: Workspace, asked: str
) -> None:
    assert "TEMP B-TREE" not in plan_of(workspace, ASKED[asked][0])


def test_an_older_database_gets_the_indexes_and_keeps_a_copy(workspace: Workspace) -> None:
    old = MIGRATIONS[:3]
    Database(workspace, old).write(lambda c: c.execute("DELETE FROM jobs"))
    names = Database(workspace).read(
        lambda c: {row[0] for row in c.execute("SELECT name FROM sqlite_master")}
    )
    assert {"jobs_by_person", "jobs_by_kind", "jobs_by_rank", "jobs_over"} <= names
    assert (workspace.root / "t2p.sqlite.schema3-1").exists()
