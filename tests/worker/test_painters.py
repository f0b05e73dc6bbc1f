from __future__ import annotations

from collections.abc import Mapping

import pytest

from lib_t2p.errors import SetupError
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.leases import Leases
from lib_t2p.jobs.queue import JobState, Queue
from lib_t2p.worker.main import PainterWatch
from lib_t2p.workspace.person import Workspace
from lib_t2p.workspace.preferences import Preferences, write_preferences


class Scene:
    """A workspace with a painter watch whose starts are counted."""

    def __init__(self, workspace: Workspace) -> None:
        self.now = 1000.0
        self.starts = 0
        self.fault = ""
        self.queue = Queue(workspace, self.clock)
        self.beats = Heartbeats(workspace, self.clock)
        self.leases = Leases(workspace, self.clock)
        devices = ["gpu:0", "gpu:1"]
        self.watch = PainterWatch(workspace, 60, self.clock, self.start, devices)

    def clock(self) -> float:
        return self.now

    def start(self, _: Workspace, variables: Mapping[str, str]) -> None:
        self.variables = dict(variables)
        if self.fault:
            raise SetupError(self.fault)
        self.starts += 1


@pytest.fixture
def scene(workspace: Workspace) -> Scene:
    return Scene(workspace)


def test_no_painter_is_started_without_need(scene: Scene) -> None:
    plan = scene.queue.submit("grid.plan", {}, lane="light")
    scene.queue.submit("grid.cells", {}, lane="paint", needs=[plan.id])
    scene.watch.look()
    assert scene.starts == 0
    scene.queue.finish(plan.id, {})
    scene.watch.look()
    assert scene.starts == 1


def test_an_open_host_paints_and_ours_takes_over_a_minute_after_its_last_beat(
    scene: Scene,
) -> None:
    scene.queue.submit("grid.cells", {}, lane="paint")
    scene.beats.beat("host")
    scene.watch.look()
    scene.now += 59
    scene.watch.look()
    assert scene.starts == 0
    scene.now += 1
    scene.watch.look()
    assert scene.starts == 1


def test_a_painter_that_cannot_be_started_fails_the_jobs_that_wait_for_it(scene: Scene) -> None:
    cells = scene.queue.submit("grid.cells", {}, lane="paint")
    scores = scene.queue.submit("grid.scores", {}, lane="light", needs=[cells.id])
    scene.fault = "The painter could not be started (no diffusers): see painter.log."
    scene.watch.look()
    assert scene.queue.get(cells.id).reason == scene.fault
    assert scene.queue.get(scores.id).state is JobState.FAILED


def test_our_painter_takes_a_device_that_no_run_uses(scene: Scene) -> None:
    scene.queue.submit("grid.cells", {}, lane="paint")
    scene.leases.acquire("gpu:0", "worker gpu:0", 600)
    scene.watch.look()
    assert scene.variables["CUDA_VISIBLE_DEVICES"] == "1"
    scene.leases.acquire("gpu:1", "worker gpu:1", 600)
    scene.watch.look()
    assert scene.variables["CUDA_VISIBLE_DEVICES"] == "0"


def test_the_time_that_a_person_set_holds_and_an_open_host_is_never_passed_over(
    scene: Scene, workspace: Workspace
) -> None:
    watch = PainterWatch(workspace, None, scene.clock, scene.start)
    scene.queue.submit("grid.cells", {}, lane="paint")
    scene.beats.beat("host")
    write_preferences(workspace, Preferences(5.0))
    scene.now += 29
    watch.look()
    assert scene.starts == 0
    scene.now += 1
    watch.look()
    assert scene.starts == 1
    write_preferences(workspace, Preferences(300.0))
    scene.now += 200
    watch.look()
    assert scene.starts == 1
