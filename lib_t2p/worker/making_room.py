"""Asking the WebUI that is open for its memory before a run begins."""

from __future__ import annotations

import time
from collections.abc import Callable

from lib_t2p.jobs import Heartbeats, HostRequests, JobContext

LIMIT_SECONDS = 120.0
"""A picture that the WebUI is at is painted to its end first."""
POLL_SECONDS = 0.3


def make_room(
    context: JobContext,
    *,
    limit: float = LIMIT_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Ask every open WebUI to drop its checkpoint and wait; what goes wrong becomes a warning.

    Args:
        context: of the run.
        limit: seconds to wait at most.
        sleep: waits.

    Raises:
        StopRequested: the run was stopped meanwhile.
    """
    if not Heartbeats(context.workspace, context.clock).living("host"):
        return
    requests = HostRequests(context.workspace, context.clock)
    context.phase("asking the WebUI for its memory")
    asked = requests.ask("unload")
    asked_at = context.clock()
    # The clock may be put back meanwhile.
    while abs(context.clock() - asked_at) < limit:
        context.check_stop()
        found = requests.read(asked)
        if found is None or found.answered is not None:
            if found is not None and found.answer:
                context.warning(found.answer)
            return
        sleep(POLL_SECONDS)
    context.warning(
        f"The WebUI did not give its memory back within {limit:.0f} s, so this run may be slow or "
        "run out of memory: let the WebUI finish its pictures, or close it."
    )
