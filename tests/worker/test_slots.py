from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from job_helpers import until

from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.leases import Leases
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.worker.lane import Slot, WorkerOptions
from lib_t2p.worker.main import Worker
from lib_t2p.workspace.person import Workspace

pytestmark = pytest.mark.slow

TWO = ("gpu:0", "gpu:1")


class Runs:
    """A worker with two cards whose runs go on until they are let go."""

    def __init__(self, workspace: Workspace) -> None:
        self.queue = Queue(workspace)
        self.leases = Leases(workspace)
        self.seen: dict[str, str] = {}
        self.go: dict[str, threading.Event] = {}
        options = WorkerOptions(idle_exit=600, poll=0.02, beat=0.02)
        self.worker = Worker(
            workspace, {"run": self.run, "end": lambda _: {}}, options, version="1", devices=TWO
        )

    def run(self, context: JobContext) -> dict[str, Any]:
        self.seen[context.job.id] = context.device_variables()["CUDA_VISIBLE_DEVICES"]
        assert self.go[context.job.id].wait(60)
        return {}

    def submit(self, **params: Any) -> Job:
        job = self.queue.submit("run", params, lane="gpu")
        self.go[job.id] = threading.Event()
        return job

    def state(self, job: Job) -> JobState:
        return self.queue.get(job.id).state

    @contextmanager
    def serving(self) -> Iterator[None]:
        thread = threading.Thread(target=self.worker.run)
        thread.start()
        yield
        for event in self.go.values():
            event.set()
        self.worker.terminate()
        thread.join(60)


@pytest.fixture
def runs(workspace: Workspace) -> Runs:
    return Runs(workspace)


def test_two_cards_train_two_runs_at_once_and_the_third_waits(runs: Runs) -> None:
    first, second, third = (runs.submit(n=n) for n in range(3))
    with runs.serving():
        until(lambda: len(runs.seen) == 2, "two run")
        assert sorted(runs.seen.values()) == ["0", "1"]
        assert set(runs.seen) == {first.id, second.id}
        assert all(runs.leases.holder(name) is not None for name in TWO)
        card = runs.seen[first.id]
        runs.go[first.id].set()
        until(lambda: third.id in runs.seen, "the third runs")
        assert runs.seen[third.id] == card
        assert runs.state(second) is JobState.RUNNING


def test_a_card_on_which_somebody_paints_is_left_alone(runs: Runs) -> None:
    assert runs.leases.acquire("gpu:0", "painter", 600)
    first, second = runs.submit(n=1), runs.submit(n=2)
    with runs.serving():
        until(lambda: runs.seen, "one runs")
        assert runs.seen == {first.id: "1"}
        runs.leases.release("gpu:0", "painter")
        until(lambda: second.id in runs.seen, "the other runs")
        assert runs.seen[second.id] == "0"


def test_a_run_over_both_cards_waits_for_both_and_keeps_both(runs: Runs) -> None:
    first, both, after = runs.submit(n=1), runs.submit(devices=2), runs.submit(n=3)
    with runs.serving():
        until(lambda: first.id in runs.seen, "the first runs")
        runs.go[first.id].set()
        until(lambda: both.id in runs.seen, "the large one runs")
        assert runs.seen[both.id] == "0,1"
        assert runs.state(after) is JobState.QUEUED
        runs.go[both.id].set()
        until(lambda: after.id in runs.seen, "the last runs")


def test_a_run_over_more_cards_than_there_are_fails_in_a_sentence(runs: Runs) -> None:
    job = runs.submit(devices=3)
    with runs.serving():
        until(lambda: runs.queue.get(job.id).is_over, "it is over")
    assert "wants 3 GPUs, and 2 can be used" in runs.queue.get(job.id).reason


def test_large_runs_are_gathered_by_one_lane_only() -> None:
    job = Job("1", "run", "gpu", {"devices": 2})
    assert Slot("gpu:0", TWO).devices_for(job) == TWO
    assert Slot("gpu:1", TWO).devices_for(job) == ()
    assert Slot("gpu:1", TWO).devices_for(Job("2", "run", "gpu")) == ("gpu:1",)
