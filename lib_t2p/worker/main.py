"""The worker: one process per workspace that does what the tabs, the API and the shell submit."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from lib_t2p.errors import JobError, SetupError, T2PError
from lib_t2p.jobs import (
    ACTIVE,
    STALE_SECONDS,
    Heartbeats,
    JobFunction,
    Leases,
    Queue,
    code_version,
    ensure_painter,
)
from lib_t2p.jobs.processes import current_process, device_lease, variables_of
from lib_t2p.worker.lane import LaneThread, WorkerOptions, slots_of
from lib_t2p.workspace import Workspace, read_preferences


def _ensure_painter(workspace: Workspace, variables: Mapping[str, str]) -> None:
    ensure_painter(workspace, variables=variables)


class PainterWatch:
    """Starts our own painter when pictures are wanted and no host is open.

    Args:
        workspace: to be served.
        painter_after: seconds since the last beat of a host; without any host ever, at once. None
            takes what the workspace prefers at that time.
        clock: Unix seconds.
        start: starts the painter unless one lives, with further environment variables.
        devices: of this machine; a painter takes one that nobody uses.
    """

    def __init__(
        self,
        workspace: Workspace,
        painter_after: float | None,
        clock: Callable[[], float],
        start: Callable[[Workspace, Mapping[str, str]], None] = _ensure_painter,
        devices: Sequence[str] = (),
    ) -> None:
        self._workspace = workspace
        self._painter_after = painter_after
        self._clock = clock
        self._start = start
        self._devices = tuple(devices)
        self._leases = Leases(workspace, clock)
        self._queue = Queue(workspace, clock)
        self._beats = Heartbeats(workspace, clock)

    def look(self) -> None:
        """Start the painter if one is needed and no host was seen for long enough.

        When it can't be started, the jobs that wait for it fail with the reason.
        """
        if not self._queue.ready(["paint"], most=1) or self._host_may_come():
            return
        try:
            self._start(self._workspace, self._variables())
        except SetupError as error:
            for job in self._queue.ready(["paint"]):
                self._queue.fail(job.id, str(error))

    def _host_may_come(self) -> bool:
        seen = self._beats.last_seen("host")
        if seen is None:
            return False
        after = self._painter_after
        if after is None:
            # An open host beats every few seconds: it is not passed over for a small number.
            after = max(read_preferences(self._workspace).painter_after, STALE_SECONDS)
        # After the clock was put back, what was seen lies ahead.
        return abs(self._clock() - seen) < after

    def _variables(self) -> dict[str, str]:
        if len(self._devices) < 2:
            return {}
        free = (name for name in self._devices if self._leases.holder(name) is None)
        return variables_of(next(free, self._devices[0]))


LEASE = "worker"
_log = logging.getLogger(__name__)


class Worker:
    """Serves a workspace until it is idle, replaced, or told to end.

    Args:
        workspace: to be served.
        table: job kind -> function.
        options: how long to wait for what.
        clock: Unix seconds.
        version: of the code that this process runs.
        devices: names of those that runs may use; the first of this process when empty.
    """

    def __init__(
        self,
        workspace: Workspace,
        table: Mapping[str, JobFunction],
        options: WorkerOptions,
        *,
        clock: Callable[[], float] = time.time,
        version: str = "",
        devices: Sequence[str] = (),
    ) -> None:
        self._options = options
        self._clock = clock
        self._version = version or code_version()
        self._process = current_process()
        self._owner = f"worker {self._process.pid}"
        self._queue = Queue(workspace, clock)
        self._leases = Leases(workspace, clock)
        self._beats = Heartbeats(workspace, clock)
        slots = slots_of(tuple(devices) or (device_lease(),))
        self._painters = PainterWatch(
            workspace, options.painter_after, clock, devices=[slot.name for slot in slots]
        )
        self._terminated = threading.Event()
        self._leaving = False
        self._lanes = [
            LaneThread(
                workspace,
                "gpu" if slot else "light",
                table,
                owner=self._owner,
                options=options,
                clock=clock,
                slot=slot,
            )
            for slot in (None, *slots)
        ]

    def terminate(self) -> None:
        """End soon: jobs at hand are given back, trainers go on and are adopted later."""
        self._terminated.set()

    def run(self) -> None:
        """Serve; returns when there is nothing left to do here.

        Jobs that are still at hand after `terminate` have been given back: the caller then ends
        the process, since their threads can't be stopped.
        """
        if not self._take_over():
            return
        _log.info("worker %d serves with code %s", self._process.pid, self._version)
        # Whoever sees a job at work finds its worker.
        self._beats.beat("worker", self._process, self._version)
        self._queue.recover()
        for lane in self._lanes:
            lane.start()
        while not self._terminated.is_set() and not self._is_done():
            self._look_after()
            self._terminated.wait(self._options.beat)
        self._give_back()

    def _take_over(self) -> bool:
        """Wait until an older worker has left; False when this one is not wanted."""
        while not self._leases.acquire(LEASE, self._owner, self._options.lease):
            mine = self._beats.beat("worker", self._process, self._version)
            if mine.leave or self._terminated.is_set() or self._served_already():
                self._beats.leave("worker")
                return False
            self._terminated.wait(self._options.poll)
        return True

    def _served_already(self) -> bool:
        holder = self._leases.holder(LEASE)
        return holder is not None and any(
            beat.process.pid == holder.process.pid
            and beat.code_version == self._version
            and not beat.leave
            for beat in self._beats.living("worker")
        )

    def _look_after(self) -> None:
        try:
            mine = self._beats.beat("worker", self._process, self._version)
            kept = self._leases.keep(LEASE, self._owner, self._options.lease)
            if (mine.leave or not kept) and not self._leaving:
                _log.info("worker %d leaves after its jobs", self._process.pid)
                self._leaving = True
                for lane in self._lanes:
                    lane.leave()
            for lane in self._lanes:
                lane.renew()
            for job in self._queue.recover(self._at_work):
                _log.warning("%s (%s) was left by its process", job.id, job.kind)
            if not self._leaving:
                self._painters.look()
        except T2PError:
            # The disk may be full for a while; the jobs at hand are not to die of it.
            _log.exception("looking after the workspace")

    def _at_work(self) -> set[str] | None:
        """Ids of the jobs that the lanes are at; None while one of them takes a job."""
        at_work: set[str] = set()
        for lane in self._lanes:
            found = lane.at_work()
            if found is None:
                return None
            at_work |= found
        return at_work

    def _is_done(self) -> bool:
        if self._leaving:
            return not any(lane.is_alive() for lane in self._lanes)
        idle = min(lane.idle_seconds for lane in self._lanes)
        if idle < self._options.idle_exit or self._queue.jobs(states=ACTIVE):
            return False
        # Whoever submits from now on starts a worker; what came just before is seen here.
        self._beats.leave("worker")
        return not self._queue.jobs(states=ACTIVE)

    def _give_back(self) -> None:
        for lane in self._lanes:
            lane.leave()
        for lane in self._lanes:
            if lane.current is None and lane.is_alive():
                lane.join(self._options.beat)
            job = lane.current
            if job is not None:
                _log.info("%s (%s) is given back", job.id, job.kind)
                with suppress(JobError):  # it came to its end just now
                    self._queue.requeue(job.id)
        self._leases.release(LEASE, self._owner)
        self._beats.leave("worker")
