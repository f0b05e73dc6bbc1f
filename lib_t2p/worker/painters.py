"""Seeing to it that somebody paints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lib_t2p.errors import SetupError
from lib_t2p.jobs import STALE_SECONDS, Heartbeats, Leases, Queue, ensure_painter
from lib_t2p.jobs.processes import variables_of
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
