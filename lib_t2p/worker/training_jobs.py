"""Jobs of the room `training`."""

from __future__ import annotations

from typing import Any

from lib_t2p.jobs import JobContext
from lib_t2p.worker.making_room import make_room
from lib_t2p.worker.marking import mark_run
from lib_t2p.worker.params import param, person_of


def train_job(context: JobContext) -> dict[str, Any]:
    """`train.run` {person, run, until_epoch?} -> {run, models, installed}.

    Adopts or resumes what is there; with `until_epoch` it is stopped once that epoch is saved.

    `installed` is the last LoRA below the folder of LoRAs, with its card; empty when that failed,
    which is a warning: the training itself ended well.
    """
    from lib_t2p.runs import install_last, measure_run, run_training, usual_seconds
    from lib_t2p.runs.supervision import Watching

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
