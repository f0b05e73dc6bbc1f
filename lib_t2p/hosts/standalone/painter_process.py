"""Our own painter as a process of its own, started by `jobs.starting`.

Paints grids with diffusers when no host is open. It beats as `painter`, so that nobody starts a
second one, and leaves when there was nothing to paint for a while. A grid whose painter died is
taken again by the next one, cell by cell.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from lib_t2p.errors import JobError, T2PError
from lib_t2p.hosts.painting_loop import (
    MakePainter,
    PaintingLoop,
    PaintingOptions,
    StopWatch,
    UnloadingPainter,
)
from lib_t2p.jobs import PAINTER, Heartbeats, Queue, code_version
from lib_t2p.jobs.processes import current_process, device_lease
from lib_t2p.platforms import on_termination
from lib_t2p.workspace import Workspace, open_workspace

_log = logging.getLogger(__name__)


class PainterProcess:
    """Beats and looks after the loop that paints.

    Args:
        workspace: to be served.
        make_painter: see `PaintingLoop`.
        options: how long to wait for what.
        clock: Unix seconds.
        version: of the code that this process runs.
        device: name of the device's lease.

    Attributes:
        leaving: set when it takes no further job since another does.
    """

    def __init__(
        self,
        workspace: Workspace,
        make_painter: MakePainter,
        options: PaintingOptions,
        *,
        clock: Callable[[], float] = time.time,
        version: str = "",
        device: str = "",
    ) -> None:
        self._options = options
        self._version = version or code_version()
        self._process = current_process()
        self._queue = Queue(workspace, clock)
        self._beats = Heartbeats(workspace, clock)
        self._terminated = threading.Event()
        self.leaving = threading.Event()
        self._loop = PaintingLoop(
            workspace,
            make_painter,
            owner=f"painter {self._process.pid}",
            device=device or device_lease(),
            options=options,
            clock=clock,
        )

    def terminate(self) -> None:
        """End soon; the job at hand is given back and painted cells stay."""
        self._terminated.set()

    def run(self) -> None:
        """Serve until idle, replaced or told to end.

        After `terminate` a cell may still be at work: the caller then ends the process.
        """
        self._beats.beat("painter", self._process, self._version)
        self._queue.recover()
        self._loop.start()
        while not self._terminated.is_set() and not self._is_done():
            self._look_after()
            self._terminated.wait(self._options.beat)
        self._loop.leave()
        self._give_back()
        self._beats.leave("painter")

    def _look_after(self) -> None:
        try:
            beat = self._beats.beat("painter", self._process, self._version)
            # What is begun is ended here: pictures of two painters differ. The rest is the host's.
            if beat.leave or self._beats.living("host"):
                self._loop.leave()
                self.leaving.set()
            self._loop.renew()
            self._queue.recover(self._loop.at_work)
        except T2PError:
            # The disk may be full for a while; the picture at hand is not to die of it.
            _log.exception("looking after the workspace")

    def _is_done(self) -> bool:
        return not self._loop.is_alive() or self._loop.idle_seconds >= self._options.idle_exit

    def _give_back(self) -> None:
        # It may be just about to take a job, and must not leave with it.
        while self._loop.is_alive() and self._loop.current is None:
            self._loop.join(0.05)
        job = self._loop.current
        if job is not None:
            with suppress(JobError):  # it came to its end just now
                self._queue.requeue(job.id)


def make_diffusers_painter(workspace: Workspace) -> MakePainter:
    """Our painter on the best device of this machine; torch is imported at the first picture."""

    def make(stop_watch: StopWatch) -> UnloadingPainter:
        from lib_t2p.diffusion import DiffusersPainter, best_device

        device, dtype = best_device()
        _log.info("painting on %s with %s", device, dtype)
        return DiffusersPainter(workspace.loras, device=device, dtype=dtype, on_step=stop_watch)

    return make


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a workspace; 0 when the painter left on its own."""
    defaults = PaintingOptions()
    parser = argparse.ArgumentParser(prog=f"python -m {PAINTER}", description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--idle-exit", type=float, default=defaults.idle_exit, metavar="SECONDS")
    parsed = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        workspace = open_workspace(parsed.workspace)
        options = PaintingOptions(idle_exit=parsed.idle_exit)
        process = PainterProcess(workspace, make_diffusers_painter(workspace), options)
        on_termination(process.terminate)
        process.run()
    except T2PError as error:
        _log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    # A picture may still be at work for a job that was given back: only the end of the process
    # stops it.
    os._exit(code)
