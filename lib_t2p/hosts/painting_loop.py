"""Taking paint jobs one after the other, under the lease of the device."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Protocol

from lib_t2p import jobs
from lib_t2p.class_images import paint_set
from lib_t2p.errors import JobError, T2PError
from lib_t2p.grids import keep_pace
from lib_t2p.grids.cells import paint_cells
from lib_t2p.painting import Painter
from lib_t2p.portraits import paint_round, read_portraits, why_halted
from lib_t2p.workspace import PersonFolder, Workspace, portraits_folder

GRID_CELLS = "grid.cells"
PORTRAIT_CELLS = "portraits.cells"
CLASS_CELLS = "reg.cells"
"""The kinds of jobs that a painter does."""

_log = logging.getLogger(__name__)


class UnloadingPainter(Painter, Protocol):
    """A painter that can give its memory back between jobs."""

    def unload(self) -> None:
        """Drop all models."""


@dataclass(frozen=True)
class PaintingOptions:
    """All in seconds.

    Attributes:
        idle_exit: without work for so long, the painter leaves.
        poll: between two looks into the queue.
        beat: between two heartbeats.
        lease: how long the device is held without being renewed.
        stop_check: between two looks, while a picture is painted, whether the job is to stop.
    """

    idle_exit: float = 120.0
    poll: float = 0.3
    beat: float = 2.0
    lease: float = 60.0
    stop_check: float = 1.0


class StopWatch:
    """Asks the job at hand, between sampling steps and not too often, whether it is to stop."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds, self._clock = seconds, clock
        self._context: jobs.JobContext | None = None
        self._asked = 0.0

    def watch(self, context: jobs.JobContext | None) -> None:
        """Ask this job from now on."""
        self._context, self._asked = context, self._clock()

    def __call__(self, done: int, total: int) -> None:
        """Raise `StopRequested` when the person asked to stop."""
        if self._context and abs(self._clock() - self._asked) >= self._seconds:
            self._asked = self._clock()
            self._context.check_stop()


MakePainter = Callable[[StopWatch], UnloadingPainter]


class PaintingLoop(threading.Thread):
    """Serves the lane `paint` until told to leave.

    Args:
        workspace: to be served.
        make_painter: called at the first job, so that an idle painter takes no memory.
        owner: label of this process.
        device: name of the lease of the device.
        options: how long to wait for what.
        clock: Unix seconds.
    """

    def __init__(
        self,
        workspace: Workspace,
        make_painter: MakePainter,
        *,
        owner: str,
        device: str,
        options: PaintingOptions,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(name="painting", daemon=True)
        self._workspace, self._make_painter = workspace, make_painter
        self._owner, self._device = owner, device
        self._options, self._clock = options, clock
        self._queue, self._leases = jobs.Queue(workspace, clock), jobs.Leases(workspace, clock)
        self._stop_watch = StopWatch(options.stop_check, clock)
        self._painter: UnloadingPainter | None = None
        self._leave = threading.Event()
        self.current: jobs.Job | None = None
        self._at_work = self._taking = False
        self.busy_at = clock()

    @property
    def idle_seconds(self) -> float:
        """Seconds since there was something to do."""
        return 0.0 if self._at_work else max(0.0, self._clock() - self.busy_at)

    def leave(self) -> None:
        """Take no further job."""
        self._leave.set()

    def renew(self) -> None:
        """Keep the device while a job runs; called by the thread that beats."""
        if self.current is not None:
            kept = self._leases.keep(self._device, self._owner, self._options.lease)
            if kept and self.current is None:
                # The job ended at this moment.
                self._leases.release(self._device, self._owner)

    def at_work(self) -> set[str] | None:
        """Id of the job at hand; None while one is taken (see `LaneThread.at_work`)."""
        if self._taking:
            return None
        return {self.current.id} if self.current else set()

    def run(self) -> None:
        """Take jobs until told to leave."""
        while not self._leave.is_set():
            if not self.turn():
                self._leave.wait(self._options.poll)

    def turn(self) -> bool:
        """Take one job if there is one and the device is free; whether one was taken."""
        try:
            if not self._queue.ready(["paint"], most=1):
                return False
            # Waiting for the device is work: leaving now would only start the next painter.
            self._at_work = True
            with self._leases.held(self._device, self._owner, self._options.lease) as free:
                return free and self._take()
        except Exception:
            # A full disk, a lost folder or a fault of ours must not end the painter while its
            # process lives: nobody would paint. The next turn may go well.
            _log.exception("painting")
            return False
        finally:
            if self._at_work:
                self._at_work, self.busy_at = False, self._clock()

    def _take(self) -> bool:
        self._taking = True
        try:
            job = self._queue.claim(["paint"], self._owner)
            self.current = job
        finally:
            self._taking = False
        if job is None:
            return False
        try:
            self._do(job)
        finally:
            self.current = None
            if self._painter and not self._queue.ready(["paint"], most=1):
                # Before the device is given back, since a run may need all of its memory.
                self._painter.unload()
        return True

    def _do(self, job: jobs.Job) -> None:
        kinds = {
            GRID_CELLS: self._paint_grid,
            PORTRAIT_CELLS: self._paint_portraits,
            CLASS_CELLS: self._paint_class,
        }
        if job.kind not in kinds:
            self._queue.fail(
                job.id, f"Our painter knows no job of the kind {job.kind!r}: update the extension."
            )
            return
        context = jobs.JobContext(job, self._workspace, self._queue, self._clock)
        self._stop_watch.watch(context)
        try:
            jobs.perform(context, kinds[job.kind])
        except T2PError:
            raise
        except Exception as error:
            jobs.fail_unexpectedly(context, error)
        finally:
            self._stop_watch.watch(None)

    def _paint_grid(self, context: jobs.JobContext) -> dict[str, Any]:
        """`grid.cells` {person, grid} -> {painted, resumed, painter, checkpoint_loads, ...}."""
        grid = _person(context).grid(_param(context, "grid"))
        painted = paint_cells(grid, self._made_painter(context), context)
        keep_pace(self._workspace, painted.painter, [(painted.work, painted.seconds)])
        return asdict(painted)

    def _paint_portraits(self, context: jobs.JobContext) -> dict[str, Any]:
        """`portraits.cells` {person, portraits, round} -> {painted, resumed, left, painter, ended}.

        What is to end the series is asked before each picture.
        """
        series = portraits_folder(_person(context), _param(context, "portraits"))
        plan, number = read_portraits(series), int(_param(context, "round"))
        painter = self._made_painter(context)
        halted = partial(why_halted, series, plan, context.clock)
        return asdict(paint_round(series, number, painter, context, halted))

    def _paint_class(self, context: jobs.JobContext) -> dict[str, Any]:
        """`reg.cells` {person, checkpoint} -> {set, painted, resumed, painter}.

        The job that it needs tells the set.
        """
        planned = self._queue.get(context.job.needs[0]).result if context.job.needs else None
        if not planned:
            raise JobError(f"Job {context.job.id} needs a planned set: submit it again.")
        folder = context.workspace.painted_class(str(planned["set"]))
        painter = self._made_painter(context)
        return asdict(paint_set(folder, _param(context, "checkpoint"), painter, context))

    def _made_painter(self, context: jobs.JobContext) -> UnloadingPainter:
        if self._painter is None:
            context.phase("loading the painter")
            self._painter = self._make_painter(self._stop_watch)
        return self._painter


def _person(context: jobs.JobContext) -> PersonFolder:
    return context.workspace.person(_param(context, "person"))


def _param(context: jobs.JobContext, name: str) -> str:
    try:
        return str(context.job.params[name])
    except KeyError as error:
        raise JobError(
            f"Job {context.job.id} was submitted without {error}: submit it again."
        ) from None
