"""Jobs are listed a page at a time."""

from __future__ import annotations

import pytest
from api_client import Client

from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import Workspace

pytestmark = pytest.mark.slow

JOBS = "/t2p/v1/jobs"


@pytest.fixture
def made(workspace: Workspace) -> list[str]:
    """Ids of 130 jobs, oldest first; every tenth is Bob's, the first five are over."""
    queue = Queue(workspace)
    people = ["ann"] * 9 + ["bob"]
    jobs = [queue.submit("a", {}, lane="light", person=people[n % 10]).id for n in range(130)]
    for job in jobs[:5]:
        queue.request_stop(job)
    return jobs


def test_a_page_holds_the_newest_hundred_and_the_total_is_told(
    api: Client, made: list[str]
) -> None:
    answer = api.get(JOBS)
    assert [job["id"] for job in answer.json()] == made[:29:-1]
    assert answer.headers["x-total-count"] == "130"
    rest = api.get(f"{JOBS}?before={made[30]}")
    assert [job["id"] for job in rest.json()] == made[29::-1]
    assert api.get(f"{JOBS}?before={made[0]}").json() == []


def test_a_page_is_narrowed_to_a_person_and_to_what_is_not_over(
    api: Client, made: list[str]
) -> None:
    answer = api.get(f"{JOBS}?person=bob&limit=2")
    assert [job["id"] for job in answer.json()] == [made[129], made[119]]
    assert answer.headers["x-total-count"] == "13"
    active = api.get(f"{JOBS}?active=true&limit=1000")
    assert [job["id"] for job in active.json()] == made[:4:-1]
    assert active.headers["x-total-count"] == "125"


@pytest.mark.parametrize("asked", ["limit=0", "limit=-1", "limit=1001", "limit=x"])
def test_a_limit_out_of_range_is_refused(api: Client, made: list[str], asked: str) -> None:
    assert api.get(f"{JOBS}?{asked}").status_code == 422


def test_a_page_before_an_unknown_job_is_not_there(api: Client, made: list[str]) -> None:
    answer = api.get(f"{JOBS}?before=none")
    assert answer.status_code == 404
    assert "no job 'none'" in answer.text
