"""Seeing to it that somebody paints."""

from __future__ import annotations

from collections.abc import Callable

from lib_t2p.errors import SetupError
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.queue import Queue
from lib_t2p.jobs.starting import ensure_painter
from lib_t2p.workspace import Workspace


class PainterWatch:
    """Starts our own painter when pictures are wanted and no host is open.

    Args:
        workspace: to be served.
        painter_after: seconds since the last beat of a host; without any host ever, at once.
        clock: Unix seconds.
        start: starts the painter unless one lives.
    """

    def __init__(
        self,
        workspace: Workspace,
        painter_after: float,
        clock: Callable[[], float],
        start: Callable[[Workspace], None] = ensure_painter,
    ) -> None:
        self._workspace = workspace
        self._painter_after = painter_after
        self._clock = clock
        self._start = start
        self._queue = Queue(workspace, clock)
        self._beats = Heartbeats(workspace, clock)

    def look(self) -> None:
        """Start the painter if one is needed and no host was seen for long enough.

        When it can't be started, the jobs that wait for it fail with the reason.
        """
        waiting = self._queue.ready(["paint"])
        seen = self._beats.last_seen("host")
        if not waiting or (seen is not None and self._clock() - seen < self._painter_after):
            return
        try:
            self._start(self._workspace)
        except SetupError as error:
            for job in waiting:
                self._queue.fail(job.id, str(error))
