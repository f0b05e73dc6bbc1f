"""The recipe "a job kind" of CONTRIBUTING.md: a row and a function, and every place shows it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from api_client import client
from job_helpers import until
from ui_fakes import FakeHost, Page

from lib_t2p.cli.__main__ import main
from lib_t2p.errors import JobError
from lib_t2p.hosts.standalone.studio_host import StudioHost
from lib_t2p.hosts.standalone.studio_page import studio_page
from lib_t2p.jobs import JOB_KINDS, Job, JobContext, JobKind, Queue, Submission, submit
from lib_t2p.ui.job_activity import JobWatch
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.worker.lane import LaneThread, WorkerOptions
from lib_t2p.workspace import Workspace, open_workspace

TOY = JobKind("toy.count", "Count toys", f"{__name__}:count_toys")


def count_toys(context: JobContext) -> dict[str, Any]:
    """What the worker does."""
    context.progress(1, 1, "toy")
    return {"toys": int(context.job.params["boxes"]) * 3}


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[Workspace]:
    """Workspaces that a worker was started for; none really is."""
    found: list[Workspace] = []
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda one, *_: found.append(one))
    monkeypatch.setitem(JOB_KINDS, TOY.name, TOY)
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "work space")


@pytest.fixture
def job(workspace: Workspace, woken: list[Workspace]) -> Job:
    return submit(workspace, Submission(TOY.name, {"boxes": 2}))[0]


def test_the_one_submit_takes_its_lane_from_the_row_wakes_the_worker_and_refuses_doubles(
    workspace: Workspace, woken: list[Workspace], job: Job
) -> None:
    assert (job.lane, woken) == ("light", [workspace])
    with pytest.raises(JobError, match="at work already"):
        submit(workspace, Submission(TOY.name, {"boxes": 2}))
    assert [one.id for one in Queue(workspace).jobs()] == [job.id]


def test_a_kind_that_has_no_row_is_refused(workspace: Workspace) -> None:
    with pytest.raises(JobError, match=r"no kind of job 'toy\.count': choose one of dataset\."):
        submit(workspace, Submission(TOY.name, {"boxes": 2}))


def test_the_worker_does_it(workspace: Workspace, job: Job) -> None:
    lane = LaneThread(
        workspace,
        "light",
        JOB_FUNCTIONS,
        owner="worker",
        options=WorkerOptions(poll=0.02),
        clock=time.time,
    )
    lane.start()
    queue = Queue(workspace)
    until(lambda: queue.get(job.id).is_over, "the toys are counted")
    lane.leave()
    lane.join(30)
    assert queue.get(job.id).result == {"toys": 6}


def test_the_page_the_interface_and_the_shell_call_it_by_its_words(
    workspace: Workspace, job: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    host, watch = FakeHost(workspace), JobWatch(workspace)
    told = Page(studio_page(host, watch)).press("t2p_queue_tick", "click")
    assert TOY.words in str(told["t2p_queue_live"]["value"])
    answer = client(StudioHost(workspace)).get(f"/t2p/v1/jobs/{job.id}").json()
    assert (answer["kind"], answer["words"]) == (TOY.name, TOY.words)
    for command in (["jobs"], ["queue", "show"]):
        assert main([*command, "--workspace", str(workspace.root)]) == 0
        assert TOY.words in capsys.readouterr().out
