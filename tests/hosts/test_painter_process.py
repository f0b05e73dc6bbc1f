"""Our painter takes grids from the queue, gives the device back, and survives its own death."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import pytest

from lib_t2p.errors import PaintingError
from lib_t2p.grids.cell_pace import pace
from lib_t2p.grids.cells.cell_files import cell_path
from lib_t2p.grids.cells.cells import Cell, read_cells, write_cells
from lib_t2p.hosts.painting_loop import PaintingLoop, PaintingOptions, StopWatch
from lib_t2p.hosts.standalone.painter_process import PainterProcess
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.leases import Leases
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.infotext import put_infotext
from lib_t2p.painting.request import CellRequest, PaintedCell
from lib_t2p.workspace.person import GridFolder, Workspace, open_workspace

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cf"
    "c0000003010100c9fe92ef0000000049454e44ae426082"
)
DEVICE = "cpu"


class FakePainter:
    """Paints one pixel; fails, or asks whether to stop, where a test says so."""

    name = "fake"

    def __init__(self, stop_watch: StopWatch | None = None, fail_at: int | None = None) -> None:
        self.stop_watch, self.fail_at = stop_watch, fail_at
        self.painted: list[int] = []
        self.unloaded = 0
        self.missing: list[str] = []
        self.error: Exception = PaintingError("the brush broke")
        self.before_cell = lambda: None

    def faults(self, requests: list[CellRequest]) -> list[str]:
        return self.missing

    def paint(self, request: CellRequest) -> PaintedCell:
        self.before_cell()
        if self.stop_watch:
            self.stop_watch(1, 20)
        if request.seed == self.fail_at:
            raise self.error
        self.painted.append(request.seed)
        return PaintedCell(put_infotext(PIXEL, "p"), "p", 0.1)

    def unload(self) -> None:
        self.unloaded += 1


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def grid(workspace: Workspace) -> GridFolder:
    made = workspace.person("blh").grid("g1")
    made.root.mkdir(parents=True)
    cells = [
        Cell(f"c{n}", 0, 0, "", 0.0, 0, n, CellRequest("p", n, "base", width=8, height=8))
        for n in range(3)
    ]
    write_cells(made, cells)
    return made


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace)


def submit(queue: Queue, kind: str = "grid.cells") -> Job:
    return queue.submit(kind, {"person": "blh", "grid": "g1"}, lane="paint", person="blh")


def make_loop(workspace: Workspace, painter: FakePainter, stop_check: float = 0.0) -> PaintingLoop:
    def make(stop_watch: StopWatch) -> FakePainter:
        painter.stop_watch = stop_watch
        return painter

    options = PaintingOptions(poll=0.01, beat=0.01, stop_check=stop_check)
    return PaintingLoop(workspace, make, owner="painter 1", device=DEVICE, options=options)


def test_a_grid_is_painted_and_the_device_given_back(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    job, painter = submit(queue), FakePainter()
    assert make_loop(workspace, painter).turn()
    done = queue.get(job.id)
    assert done.state is JobState.FINISHED
    counted = {"painted": 3, "resumed": 0, "painter": "fake", "checkpoint_loads": 1}
    assert counted.items() <= done.result.items()
    assert pace(workspace) is not None
    assert all(cell_path(grid, cell).exists() for cell in read_cells(grid))
    assert Leases(workspace).holder(DEVICE) is None
    assert painter.unloaded == 1


def test_the_painter_is_not_made_before_there_is_work(workspace: Workspace) -> None:
    def make(_: StopWatch) -> FakePainter:
        raise AssertionError("made without a job")

    loop = PaintingLoop(workspace, make, owner="p", device=DEVICE, options=PaintingOptions())
    assert not loop.turn()


def test_a_busy_device_leaves_the_job_in_the_queue(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    job, leases = submit(queue), Leases(workspace)
    assert leases.acquire(DEVICE, "a run", 60)
    assert not make_loop(workspace, FakePainter()).turn()
    assert queue.get(job.id).state is JobState.QUEUED
    leases.release(DEVICE, "a run")
    assert make_loop(workspace, FakePainter()).turn()


def test_the_device_is_held_while_painting(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    submit(queue)
    painter, holders = FakePainter(), []
    painter.before_cell = lambda: holders.append(Leases(workspace).holder(DEVICE))
    make_loop(workspace, painter).turn()
    assert [h.owner for h in holders if h] == ["painter 1"] * 3


def test_a_stop_in_the_middle_of_a_picture_keeps_the_painted_ones(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    job, painter = submit(queue), FakePainter()

    def stop_at_the_second() -> None:
        if painter.painted == [0]:
            queue.request_stop(job.id)

    painter.before_cell = stop_at_the_second
    make_loop(workspace, painter).turn()
    assert queue.get(job.id).state is JobState.STOPPED
    assert painter.painted == [0]
    assert cell_path(grid, read_cells(grid)[0]).exists()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PaintingError("the brush broke"), "the brush broke"),
        (ZeroDivisionError("oops"), "ended unexpectedly.*ZeroDivisionError: oops"),
        (MemoryError(), "memory was full"),
    ],
)
def test_a_failure_is_told_and_the_next_job_taken(
    error: Exception, reason: str, workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    failing, good = submit(queue), submit(queue)
    painter = FakePainter(fail_at=1)
    painter.error = error
    loop = make_loop(workspace, painter)
    assert loop.turn()
    failed = queue.get(failing.id)
    assert failed.state is JobState.FAILED
    assert re.search(reason, failed.reason)
    painter.fail_at = None
    assert loop.turn()
    resumed = {"painted": 2, "resumed": 1, "painter": "fake"}
    assert resumed.items() <= queue.get(good.id).result.items()


def test_faults_of_the_grid_fail_the_job_before_painting(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    job, painter = submit(queue), FakePainter()
    painter.missing = ["There is no LoRA x."]
    make_loop(workspace, painter).turn()
    assert "There is no LoRA x." in queue.get(job.id).reason
    assert painter.painted == []


def test_foreign_and_broken_jobs_are_failed_with_a_sentence(
    workspace: Workspace, queue: Queue
) -> None:
    foreign = submit(queue, "portrait.paint")
    broken = queue.submit("grid.cells", {"person": "blh"}, lane="paint")
    loop = make_loop(workspace, FakePainter())
    assert loop.turn()
    assert loop.turn()
    assert "portrait.paint" in queue.get(foreign.id).reason
    assert "without 'grid'" in queue.get(broken.id).reason


def make_process(
    workspace: Workspace, painter: FakePainter, idle_exit: float = 0.05
) -> PainterProcess:
    options = PaintingOptions(idle_exit=idle_exit, poll=0.01, beat=0.02)
    return PainterProcess(workspace, lambda _: painter, options, version="v", device=DEVICE)


def test_an_idle_process_paints_what_is_there_and_leaves(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    job, painter, beats = submit(queue), FakePainter(), []
    painter.before_cell = lambda: beats.append(len(Heartbeats(workspace).living("painter")))
    make_process(workspace, painter).run()
    assert queue.get(job.id).state is JobState.FINISHED
    assert beats == [1, 1, 1]
    assert Heartbeats(workspace).living("painter") == []


def test_a_terminated_process_gives_its_job_back(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    job, painter = submit(queue), FakePainter()
    process = make_process(workspace, painter, idle_exit=60)
    began, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        began.set()
        go_on.wait(60)

    painter.before_cell = wait
    serving = threading.Thread(target=process.run)
    serving.start()
    try:
        assert began.wait(60)
        process.terminate()
        serving.join(60)
        assert queue.get(job.id).state is JobState.QUEUED
    finally:
        go_on.set()


def test_a_process_that_is_asked_to_leave_goes(workspace: Workspace) -> None:
    process = make_process(workspace, FakePainter(), idle_exit=600)
    serving = threading.Thread(target=process.run)
    serving.start()
    beats = Heartbeats(workspace)
    while not beats.living("painter"):
        assert serving.is_alive()
    beats.ask_to_leave(beats.living("painter")[0])
    serving.join(60)
    assert not serving.is_alive()


def test_a_grid_whose_painter_died_is_taken_again(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    job = submit(queue)
    child = os.fork() if hasattr(os, "fork") else pytest.skip("needs fork")
    if child == 0:
        painter = FakePainter()
        painter.before_cell = lambda: os._exit(9) if painter.painted == [0] else None
        make_loop(workspace, painter).turn()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert queue.get(job.id).state is JobState.RUNNING
    make_process(workspace, FakePainter()).run()
    resumed = {"painted": 2, "resumed": 1, "painter": "fake"}
    assert resumed.items() <= queue.get(job.id).result.items()


def test_it_ends_what_it_began_and_leaves_the_rest_to_a_host_that_opened(
    workspace: Workspace, grid: GridFolder, queue: Queue
) -> None:
    first, painter = submit(queue), FakePainter()
    later = submit(queue)
    process = make_process(workspace, painter, idle_exit=60)
    opened = threading.Event()
    painter.before_cell = lambda: wait_until_seen(workspace, process, opened)
    process.run()
    assert queue.get(first.id).state is JobState.FINISHED
    assert queue.get(later.id).state is JobState.QUEUED


def wait_until_seen(workspace: Workspace, process: PainterProcess, opened: threading.Event) -> None:
    """Open a host in the middle of a cell; go on when the process knows of it."""
    if not opened.is_set():
        opened.set()
        Heartbeats(workspace).beat("host")
        assert process.leaving.wait(20)
