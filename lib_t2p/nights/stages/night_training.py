"""The first half of a night: photos, dataset, runs. Each gives the jobs to wait for."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.actions import comparable, dataset_version
from lib_t2p.actions import grids as grid_actions
from lib_t2p.actions import runs as run_actions
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.dataset import DatasetOptions
from lib_t2p.errors import JobError
from lib_t2p.jobs import Job, JobState
from lib_t2p.nights.stages.night_runs import is_sweep, request_of, run_jobs, sweep_of, trained
from lib_t2p.nights.stages.stage_context import StageContext, active, must_have_finished
from lib_t2p.nights.stages.timing import ring_in_time


def photos(at: StageContext) -> list[Job]:
    """Import the photos that were pointed at."""
    if not at.night.sources:
        return []
    sources = [Path(source) for source in at.night.sources]

    def submit() -> list[Job]:
        texts = [str(source.absolute()) for source in sources]
        found = at.submitted("dataset.import", sources=texts)
        return found or [grid_actions.submit_photos(at.workspace, at.night.person, sources)]

    jobs = at.once("photos", submit)
    if waits := active(jobs):
        return waits
    must_have_finished(jobs, "The import of the photos")
    return []


def dataset(at: StageContext) -> list[Job]:
    """Build the dataset, or take the version that was named."""
    if at.night.dataset:
        at.keep(dataset=dataset_version(at.person, at.night.dataset).number)
    if at.state.dataset:
        return []
    options = DatasetOptions.from_mapping(dict(at.night.dataset_options))

    def submit() -> list[Job]:
        newest = at.context.queue.newest(1, person=at.night.person, kind="dataset.build")
        begun = [job for job in newest if job.created >= at.night.created]
        return begun or [grid_actions.submit_dataset(at.workspace, at.night.person, options)]

    jobs = at.once("dataset", submit)
    if waits := active(jobs):
        return waits
    must_have_finished(jobs, "The dataset")
    built = comparable(at.person.dataset(int(jobs[0].result["dataset"])))
    at.keep(dataset=built.number)
    return []


def runs(at: StageContext) -> list[Job]:
    """Train what is compared; single runs that fail are noted and left out."""
    jobs = _sweep(at) if is_sweep(at) else _single(at)
    ring_in_time(at)
    if waits := active(jobs):
        return waits
    for job in jobs:
        if job.state in (JobState.FAILED, JobState.LOST):
            at.note(f"{job.params.get('run') or 'The search'} did not end well: {job.reason}")
    if not trained(at):
        reasons = "; ".join(dict.fromkeys(job.reason for job in jobs if job.reason))
        raise JobError(f"No run saved a model, so there is nothing to compare. {reasons}".strip())
    return []


def _sweep(at: StageContext) -> list[Job]:
    place = sweep_of(at)
    request = request_of(at)
    if not place.record.exists():
        wish = sweep_actions.SearchWish(at.night.sampler, at.night.trials, at.night.look)  # type: ignore[arg-type]
        sweep_actions.new_sweep(
            at.workspace, at.night.person, request, wish if at.night.sampler else None
        )
        at.keep(jobs={**at.state.jobs, "runs": ()})
    elif "runs" not in at.state.jobs:
        # The step was cut off between storing the sweep and queueing all of it.
        sweep_actions.continue_sweep(at.workspace, at.night.person, place.id)
        at.keep(jobs={**at.state.jobs, "runs": ()})
    jobs = run_jobs(at)
    return (
        [*jobs, sweep_actions.newest_step(at.context.queue, place)]
        if place.search.exists()
        else jobs
    )


def _single(at: StageContext) -> list[Job]:
    request = request_of(at)

    def submit() -> list[Job]:
        folder = at.person.run(at.folder.id)
        params = {"person": at.night.person, "run": folder.id}
        if found := at.submitted("train.run", run=folder.id):
            return found
        if folder.settings.exists():
            return [at.context.queue.submit("train.run", params, person=at.night.person)]
        return [
            run_actions.submit_run(
                at.workspace,
                at.night.person,
                at.folder.id,
                recipe=request.recipe or sweep_actions.DEFAULT_RECIPE,
                overrides=request.overrides,
                checkpoint=Path(request.checkpoint),
                dataset=at.state.dataset,
                trainer=request.trainer,
            )[1]
        ]

    return at.once("runs", submit)
