"""One thread of the worker: takes the jobs of a lane, on the slot of a device."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from lib_t2p.errors import JobError, T2PError
from lib_t2p.jobs import (
    Job,
    JobContext,
    JobFunction,
    Lane,
    Leases,
    Queue,
    fail_unexpectedly,
    perform,
)
from lib_t2p.platforms import give_memory_back
from lib_t2p.workspace import Workspace


@dataclass(frozen=True)
class Slot:
    """The device of one lane, among those of its worker.

    Attributes:
        name: of the device.
        devices: names of all, this one among them.
    """

    name: str
    devices: tuple[str, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """Devices of the other lanes."""
        return tuple(name for name in self.devices if name != self.name)

    def devices_for(self, job: Job) -> tuple[str, ...]:
        """What this lane must hold before it takes a job; empty when another lane takes it.

        Runs over several devices belong to the first lane: two that gather devices at the same
        time would each wait for what the other has.
        """
        wanted = devices_wanted(job)
        if wanted == 1:
            return (self.name,)
        return self.devices[:wanted] if self.name == self.devices[0] else ()


def slots_of(devices: tuple[str, ...]) -> list[Slot]:
    """One slot for each device."""
    return [Slot(name, devices) for name in devices]


def devices_wanted(job: Job) -> int:
    """Over how many devices a job runs: its parameter `devices`, else 1."""
    return max(1, int(job.params.get("devices", 1)))


_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WorkerOptions:
    """All in seconds.

    Attributes:
        idle_exit: without work for so long, the worker leaves.
        painter_after: our own painter is started when no host beat for so long; when there
            never was a host it is started at once. None takes what the workspace prefers.
        poll: between two looks into the queue.
        beat: between two heartbeats.
        lease: how long a lease holds without being renewed.
    """

    idle_exit: float = 600.0
    painter_after: float | None = None
    poll: float = 0.3
    beat: float = 2.0
    lease: float = 60.0


class LaneThread(threading.Thread):
    """Serves a lane until told to leave.

    Args:
        workspace: to be served.
        lane: whose jobs are taken.
        table: job kind -> function.
        owner: label of this worker.
        options: how long to wait for what.
        clock: Unix seconds.
        slot: whose device must be held while a job runs; None when it needs none.
    """

    def __init__(
        self,
        workspace: Workspace,
        lane: Lane,
        table: Mapping[str, JobFunction],
        *,
        owner: str,
        options: WorkerOptions,
        clock: Callable[[], float],
        slot: Slot | None = None,
    ) -> None:
        label = f"{lane} {slot.name}" if slot else lane
        super().__init__(name=f"lane {label}", daemon=True)
        self._workspace = workspace
        self._lane = lane
        self._table = table
        self._owner = owner
        self._options = options
        self._clock = clock
        self._slot = slot
        # Lanes of one worker must not take each other's leases for their own.
        self._holder = f"{owner} {label}"
        self._held: tuple[str, ...] = ()
        self._queue = Queue(workspace, clock)
        self._leases = Leases(workspace, clock)
        self._leave = threading.Event()
        self._owed: tuple[str, str] | None = None
        self._taking = False
        self.current: Job | None = None
        self.busy_at = clock()

    @property
    def idle_seconds(self) -> float:
        """Seconds since there was something to do."""
        return 0.0 if self.current else max(0.0, self._clock() - self.busy_at)

    def leave(self) -> None:
        """Take no further job."""
        self._leave.set()

    def renew(self) -> None:
        """Keep the devices while a job runs; called by the thread that beats."""
        for device in self._held:
            kept = self._leases.keep(device, self._holder, self._options.lease)
            if kept and device not in self._held:
                # The job ended at this moment.
                self._leases.release(device, self._holder)

    def at_work(self) -> set[str] | None:
        """Ids of jobs whose end this lane still brings; None while it takes one.

        Asked by another thread within a transaction, so that no job is taken meanwhile.
        """
        if self._taking:
            return None
        current, owed = self.current, self._owed
        return {*([current.id] if current else []), *([owed[0]] if owed else [])}

    def run(self) -> None:
        """Take jobs until told to leave."""
        while not self._leave.is_set():
            if not self._turn():
                self._leave.wait(self._options.poll)

    def _turn(self) -> bool:
        try:
            self._pay()
            reserved = self._slot.others if self._slot else ()
            ready = self._queue.ready([self._lane], reserved, 1)
            return bool(ready) and self._take_with_devices(ready[0])
        except Exception:
            # A full disk, a lost folder or a fault of ours must not end the lane while the worker
            # lives: nobody would take its jobs. The next turn may go well.
            _log.exception("lane %s", self._lane)
            return False

    def _pay(self) -> None:
        """End the job whose end could not be written when it came; nothing is taken before."""
        if self._owed is not None:
            job_id, reason = self._owed
            with suppress(JobError):  # its end was written after all
                self._queue.fail(job_id, reason)
            self._owed = None

    def _take_with_devices(self, job: Job) -> bool:
        if self._slot is None:
            return self._take(job)
        wanted = self._slot.devices_for(job)
        with ExitStack() as stack:
            for device in wanted:
                held = self._leases.held(device, self._holder, self._options.lease)
                if not stack.enter_context(held):
                    return False
            self._held = wanted
            try:
                return bool(wanted) and self._take(job)
            finally:
                self._held = ()

    def _take(self, first: Job) -> bool:
        reserved = self._slot.others if self._slot else ()
        device = "+".join(self._held)
        self._taking = True
        try:
            job = self._queue.claim([self._lane], self._owner, device, reserved, only=first.id)
            self.current = job
        finally:
            self._taking = False
        if job is None:
            return False
        try:
            self._do(job)
        except T2PError as error:
            self._owed = (job.id, str(error))
            raise
        finally:
            self.current = None
            self.busy_at = self._clock()
            # Photos and models of a job would stay for as long as the worker lives.
            gc.collect()
            give_memory_back()
        return True

    def _do(self, job: Job) -> None:
        function = self._table.get(job.kind)
        if function is None:
            self._queue.fail(
                job.id, f"This version knows no job of the kind {job.kind!r}: update the extension."
            )
            return
        if self._slot and devices_wanted(job) > len(self._slot.devices):
            self._queue.fail(
                job.id,
                f"The run wants {devices_wanted(job)} GPUs, and {len(self._slot.devices)} can be "
                "used here: lower the number of GPUs in its settings.",
            )
            return
        context = JobContext(job, self._workspace, self._queue, self._clock)
        try:
            perform(context, function)
        except T2PError:
            raise
        except Exception as error:
            fail_unexpectedly(context, error)
