"""Jobs of runs; the WebUI that is open is asked for its memory before one begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from lib_t2p.jobs import Heartbeats, HostRequests, JobContext
from lib_t2p.worker.marked_runs import mark_run
from lib_t2p.worker.params import param, person_of

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


def train_job(context: JobContext) -> dict[str, Any]:
    """`train.run` {person, run, until_epoch?} -> {run, models, installed}.

    Adopts or resumes what is there; with `until_epoch` it is stopped once that epoch is saved.

    `installed` is the last LoRA below the folder of LoRAs, with its card; empty when that failed,
    which is a warning: the training itself ended well.
    """
    from lib_t2p.runs import install_last, measure_run, usual_seconds
    from lib_t2p.runs.supervision import Watching, run_training

    folder = person_of(context).run(str(param(context, "run")))
    make_room(context)
    forecast = usual_seconds(context.workspace, folder, context.job)
    until = context.job.params.get("until_epoch")
    watching = Watching(forecast=forecast, until_epoch=int(until) if until else None)
    try:
        models = run_training(folder, context, watching)
    finally:
        mark_run(context.queue, folder)
    measure_run(context.workspace, folder, context.job)
    installed = install_last(folder, context.workspace.loras, context)
    return {
        "run": folder.id,
        "models": [str(model.path) for model in models],
        "installed": str(installed or ""),
    }
