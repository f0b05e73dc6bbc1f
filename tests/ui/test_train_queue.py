from __future__ import annotations

from typing import Any

import pytest
from ui_fakes import FakeHost, Page, new_run

from lib_t2p.jobs.pausing import read_pause
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.workspace.person import PersonFolder, Workspace

WHO = {"person": "Eileen Collins"}


@pytest.fixture
def jobs(workspace: Workspace, person: PersonFolder) -> list[Job]:
    """Three runs that wait."""
    made = []
    for name in ("first", "second", "third"):
        params = {"person": person.slug, "run": new_run(person, name).id}
        made.append(Queue(workspace).submit("train.run", params, lane="gpu", person=person.slug))
    return made


def pressed(page: Page, act: str, **given: Any) -> str:
    told = page.press("t2p_queue_job_act", "click", queue_job_act_value=act, **given)
    return str(told["t2p_queue_message"])


def shown(page: Page) -> str:
    return str(page.press("t2p_queue_tick", "click")["t2p_queue_live"]["value"])


def test_rows_move(page: Page, jobs: list[Job]):
    pressed(page, f"front {jobs[2].id}")
    told = shown(page)
    assert told.index("third") < told.index("first") < told.index("second")
    pressed(page, f"down {jobs[2].id}")
    told = shown(page)
    assert told.index("first") < told.index("third")


def test_the_tab_tells_that_the_database_was_damaged_and_rebuilt(
    page: Page, workspace: Workspace, jobs: list[Job]
):
    data = bytearray(workspace.database.read_bytes())
    data[data.index(b"CREATE TABLE jobs")] = 0xFF
    workspace.database.write_bytes(data)
    told = shown(page)
    assert "rebuilt from the folders of the jobs: nothing needs to be done" in told
    assert all(name in told for name in ("first", "second", "third"))


def test_a_row_waits_for_a_time(page: Page, workspace: Workspace, jobs: list[Job]):
    assert "no time" in pressed(page, f"at {jobs[0].id}", queue_time="soon")
    pressed(page, f"at {jobs[0].id}", queue_time="2099-01-01 22:30")
    assert Queue(workspace).get(jobs[0].id).start_at is not None
    assert "waits for" in shown(page)


def test_a_row_is_removed_and_tried_again(page: Page, workspace: Workspace, jobs: list[Job]):
    pressed(page, f"remove {jobs[0].id}")
    assert Queue(workspace).get(jobs[0].id).state is JobState.STOPPED
    ended = page.press("t2p_queue_tick", "click")["t2p_queue_over"]["value"]
    assert f'data-t2p-act="retry {jobs[0].id}"' in ended
    pressed(page, f"retry {jobs[0].id}")
    assert len(Queue(workspace).jobs(states=(JobState.QUEUED,))) == 3


def test_the_queue_pauses_and_goes_on(page: Page, workspace: Workspace, jobs: list[Job]):
    page.press("t2p_queue_pause", "click", queue_time="")
    assert read_pause(workspace, 0.0) is not None
    assert "Press Go on" in shown(page)
    page.press("t2p_queue_resume", "click")
    assert read_pause(workspace, 0.0) is None


@pytest.mark.parametrize("act", ["", "explode 1", "front", "front no-such-job", "retry ../../x"])
def test_an_act_that_the_page_never_offered_is_a_message(page: Page, jobs: list[Job], act: str):
    assert 'role="alert"' in pressed(page, act)


def test_a_restricted_page_moves_nothing(page: Page, host: FakeHost, jobs: list[Job]):
    host.closed = "This page is open to others."
    assert "open to others" in pressed(page, f"remove {jobs[0].id}")
    assert "open to others" in page.press("t2p_queue_pause", "click")["t2p_queue_message"]


def ended_jobs(page: Page, **given: Any) -> str:
    return str(page.press("t2p_queue_tick", "click", **given)["t2p_queue_over"]["value"])


def test_ended_jobs_are_turned_page_by_page(page: Page, workspace: Workspace):
    queue = Queue(workspace)
    made = [queue.submit("logs.read", {"n": n}, lane="light") for n in range(23)]
    for job in made:
        queue.request_stop(job.id)
    first = ended_jobs(page)
    assert "Page 1 of 3, 23 jobs" in first
    assert f"retry {made[-1].id}" in first
    assert f"retry {made[0].id}" not in first
    turned = page.press("t2p_queue_page_act", "click", queue_page_act_value="page 3")
    assert turned["t2p_queue_page"]["value"] == 3
    last = ended_jobs(page, queue_page=3)
    assert f"retry {made[0].id}" in last
    assert 'data-t2p-act="page 2"' in last
    assert 'data-t2p-act="page 4"' not in last
    assert "Page 3 of 3" in ended_jobs(page, queue_page=99)


@pytest.mark.parametrize("act", ["", "page", "page -1", "page ²", "other 2"])
def test_a_turn_that_the_page_never_offered_turns_nothing(page: Page, act: str):
    turned = page.press("t2p_queue_page_act", "click", queue_page_act_value=act)
    assert "value" not in turned["t2p_queue_page"]


def test_of_a_long_queue_the_beginning_is_shown_and_the_rest_counted(
    page: Page, workspace: Workspace
):
    queue = Queue(workspace)
    for n in range(53):
        queue.submit("logs.read", {"n": n}, lane="light")
    assert "and 3 more jobs behind them" in shown(page)
