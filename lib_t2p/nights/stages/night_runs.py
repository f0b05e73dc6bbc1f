"""The runs of a night: what is trained, where they lie, what came of them."""

from __future__ import annotations

from typing import Any

from lib_t2p import jobs, sweeps
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.nights.stages.stage_context import StageContext
from lib_t2p.painting import ComparedPictures
from lib_t2p.runs import read_run, saved_models
from lib_t2p.workspace import RunFolder, SweepFolder


def is_sweep(at: StageContext) -> bool:
    """Whether several runs are compared."""
    request = request_of(at)
    return bool(request.ready or request.axes or (request.repeats or 1) > 1)


def request_of(at: StageContext) -> sweep_actions.SweepRequest:
    """What is trained, on the dataset of this night."""
    values: dict[str, Any] = {**at.night.sweep, "name": at.folder.id}
    return sweep_actions.SweepRequest(**{**values, "dataset": at.state.dataset or None})


def sweep_of(at: StageContext) -> SweepFolder:
    """Where the night's sweep lies."""
    return at.person.sweep(at.folder.id)


def run_jobs(at: StageContext) -> list[jobs.Job]:
    """The newest job of each run of the night."""
    if not is_sweep(at):
        return [at.context.queue.get(job) for job in at.state.jobs.get("runs", ())]
    place = sweep_of(at)
    states = sweeps.sweep_status(place, sweeps.read_sweep(place), at.context.queue)
    return [status.job for status in states if status.job]


def trained(at: StageContext) -> list[RunFolder]:
    """The runs of the night that saved a model, in the order of the sweep."""
    if not is_sweep(at):
        found = [at.person.run(at.folder.id)]
    else:
        place = sweep_of(at)
        states = sweeps.sweep_status(place, sweeps.read_sweep(place), at.context.queue)
        found = [status.folder for status in states if status.folder]
    return [folder for folder in found if saved_models(folder)]


def look_of(at: StageContext) -> ComparedPictures:
    """How the pictures of the night are painted."""
    if at.night.look:
        return at.night.look
    run = read_run(trained(at)[0])
    return sweep_actions.look_for(run.checkpoint, run.settings)
