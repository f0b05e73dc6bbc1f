"""A clock that is put forth or back neither loses leases and lanes nor doubles work."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import psutil
import pytest
from job_helpers import Clock

from lib_t2p import platforms
from lib_t2p.errors import SetupError
from lib_t2p.jobs import starting
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.leases import Leases
from lib_t2p.jobs.processes.processes import ProcessRecord, current_process, is_alive
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.worker.main import PainterWatch
from lib_t2p.workspace.person import Workspace

HOUR = 3600.0
JUMPS = (-72 * HOUR, -5 * HOUR, 5 * HOUR, 9 * 24 * HOUR)


@pytest.fixture
def moved_boot(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As on Linux after the clock was moved: psutil's creation times move with it."""
    real = psutil.Process.create_time

    def move(hours: float) -> None:
        monkeypatch.setattr(psutil.Process, "create_time", lambda self: real(self) + hours)

    return move


@pytest.mark.skipif(platforms.process_start(os.getpid()) is None, reason="told by Linux only")
@pytest.mark.parametrize("jump", JUMPS)
def test_a_process_is_the_same_after_the_clock_was_moved(moved_boot: Any, jump: float) -> None:
    before = current_process()
    moved_boot(jump)
    assert is_alive(before)
    assert current_process() == before


@pytest.mark.skipif(platforms.process_start(os.getpid()) is None, reason="told by Linux only")
def test_a_job_at_work_is_not_taken_away_when_the_clock_is_moved(
    queue: Queue, moved_boot: Any
) -> None:
    queue.submit("a", {}, lane="light")
    job = queue.claim(["light"], "me")
    moved_boot(-HOUR)
    assert queue.recover() == []
    assert job is not None
    assert queue.get(job.id).state is JobState.RUNNING


def test_the_start_of_a_process_holds_the_boot(tmp_path: Path) -> None:
    def start(boot: str, ticks: int) -> float | None:
        (tmp_path / "sys/kernel/random").mkdir(parents=True, exist_ok=True)
        (tmp_path / "sys/kernel/random/boot_id").write_text(boot)
        (tmp_path / "7").mkdir(exist_ok=True)
        fields = " ".join(["S", *["0"] * 18, str(ticks), "0"])
        (tmp_path / "7" / "stat").write_text(f"7 (odd) name) {fields}")
        return platforms.process_start(7, "linux", tmp_path)

    first, later, other = start("40c2-x", 500), start("40c2-x", 900), start("beef-x", 500)
    assert first is not None
    assert later is not None
    assert later - first == pytest.approx(400 / os.sysconf("SC_CLK_TCK"), abs=0.01)
    assert other is not None
    assert abs(other - first) > 1e6
    assert platforms.process_start(7, "win32", tmp_path) is None
    assert platforms.process_start(8, "linux", tmp_path) is None


def test_a_record_of_an_older_version_is_still_recognised() -> None:
    assert is_alive(ProcessRecord(os.getpid(), psutil.Process().create_time()))


@pytest.mark.parametrize("jump", JUMPS)
def test_a_lease_is_not_held_for_ever(workspace: Workspace, clock: Clock, jump: float) -> None:
    leases = Leases(workspace, clock)
    assert leases.acquire("gpu:0", "worker", 60)
    clock.forward(jump)
    assert leases.keep("gpu:0", "worker", 60)
    assert not leases.acquire("gpu:0", "painter", 60)
    clock.forward(jump)
    assert leases.acquire("gpu:0", "painter", 60)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_host_that_is_gone_does_not_keep_the_painter_away(
    workspace: Workspace, clock: Clock, jump: float
) -> None:
    queue = Queue(workspace, clock)
    queue.submit("grid.cells", {}, lane="paint")
    Heartbeats(workspace, clock).beat("host")
    started: list[Workspace] = []
    watch = PainterWatch(workspace, 60.0, clock, lambda where, _: started.append(where))
    watch.look()
    assert started == []
    clock.forward(jump)
    assert Heartbeats(workspace, clock).living("host") == []
    watch.look()
    assert started == [workspace]


def test_starts_that_failed_before_the_clock_was_put_back_are_forgotten(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(starting.time, "time", clock)
    for pid in range(3):
        Heartbeats(workspace, clock).beat("worker", ProcessRecord((1 << 30) + pid, 1.0))
    with pytest.raises(SetupError):
        starting._refuse_after_failed_starts(workspace, "worker", workspace.logs / "worker.log")
    clock.forward(-5 * HOUR)
    starting._refuse_after_failed_starts(workspace, "worker", workspace.logs / "worker.log")


@pytest.mark.parametrize("jump", JUMPS)
def test_the_queue_keeps_its_order(workspace: Workspace, clock: Clock, jump: float) -> None:
    queue = Queue(workspace, clock)
    first = queue.submit("a", {}, lane="light")
    clock.forward(jump)
    second = queue.submit("a", {}, lane="light")
    assert [job.id for job in queue.ready(["light"])] == [first.id, second.id]
    record = json.loads(workspace.job(second.id).record.read_text())
    assert record["rank"] == 2
