"""Sweeps: plan, start, pause, go on, add to, stop.

Before it starts each run is judged: refused, warned of, and how long it takes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lib_t2p.actions.runs.training_runs import machine_of
from lib_t2p.actions.submitting import comparable, dataset_version, known_person
from lib_t2p.actions.sweeps.searches import (
    SearchWish,
    queue_search,
    search_plan,
    search_steps,
    searchable,
)
from lib_t2p.actions.sweeps.sweep_request import SweepRequest, sweep_from
from lib_t2p.errors import InputError, JobError, SettingsError, T2PError
from lib_t2p.jobs import ACTIVE, ONLY_OVER, Job, JobState, Leases, Queue, StopWhen, ensure_worker
from lib_t2p.preflight.checks import errors, findings, gather_facts
from lib_t2p.runs import trainers
from lib_t2p.runs.trainers import sd_scripts
from lib_t2p.search import write_search
from lib_t2p.settings import settings_from
from lib_t2p.sweeps import (
    Judgement,
    RunStatus,
    Sweep,
    SweepPlan,
    SweepRun,
    expand,
    make_run,
    plan_sweep,
    read_sweep,
    repeated_data,
    sweep_status,
    with_values,
    write_forecast,
    write_sweep,
)
from lib_t2p.workspace import PersonFolder, SweepFolder, Workspace, load_person


class RunJudge:
    """Judges the runs of a sweep as a single run is judged before it starts.

    Args:
        workspace: where this machine's measurements lie.
        person: whose datasets are trained on.
        scratch: a folder in which photos may be linked under other repeats for a moment.
    """

    def __init__(self, workspace: Workspace, person: PersonFolder, scratch: Path) -> None:
        self._person = person
        self._scratch = SweepFolder(scratch)
        self._machine = machine_of(workspace)

    def __call__(self, run: SweepRun) -> Judgement:
        """Judge a run whose settings passed their own checks."""
        point = run.point
        try:
            trainers.trainer_named(point.trainer)
            dataset = self._person.dataset(point.dataset)
            values = dict(point.settings)
            if point.photo_repeats:
                data = repeated_data(self._scratch, dataset, point.photo_repeats)
                values["train_data_dir"] = str(data)
            settings = settings_from(values)
        except T2PError as error:
            return Judgement(errors=(str(error),))
        facts = gather_facts(
            settings,
            dataset.root,
            checkpoint=Path(point.checkpoint),
            trainer=point.trainer,
            machine=self._machine,
        )
        found = findings(settings, facts)
        return Judgement(
            minutes=facts.forecast.minutes if facts.forecast else None,
            basis=facts.forecast.basis if facts.forecast else "",
            disk_bytes=facts.forecast.disk_bytes if facts.forecast else 0,
            errors=tuple(finding.what for finding in errors(found)),
            warnings=tuple(f.sentence for f in found if f.severity == "warning"),
        )


PAGE = "train.sweep_page"
LEASE_SECONDS = 120.0


def forecast_sweep(workspace: Workspace, person: str, request: SweepRequest) -> SweepPlan:
    """Say what a sweep would train, how long that takes and what is refused; writes nothing.

    Raises:
        InputError, SettingsError: the request can't be used, as of `sweep_from`.
    """
    folder = known_person(workspace, person)
    return _plan(workspace, folder, sweep_from(workspace, folder, request))


def new_sweep(
    workspace: Workspace, person: str, request: SweepRequest, search: SearchWish | None = None
) -> SweepFolder:
    """Store a sweep as `store_sweep` does, and queue its runs."""
    place = store_sweep(workspace, person, request, search)
    continue_sweep(workspace, person, place.id)
    return place


def store_sweep(
    workspace: Workspace, person: str, request: SweepRequest, search: SearchWish | None = None
) -> SweepFolder:
    """Check and store a sweep; nothing is queued yet.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        request: what differs.
        search: stops hopeless runs early; None trains every run to its end.

    Raises:
        InputError: a sweep of that name exists, or the request can't be used.
        SettingsError: all faults of the request, or nothing of it may be trained.
    """
    folder = known_person(workspace, person)
    sweep = sweep_from(workspace, folder, request)
    place = folder.sweep(sweep.id)
    if place.record.exists():
        raise InputError(f"A sweep named {place.id!r} exists already: choose another name.")
    wanted = search_plan(sweep, search) if search is not None else None
    if wanted is not None:
        comparable(dataset_version(folder, sweep.base.dataset))
    if wanted is not None and len(wanted.rungs) > 1:
        sweep = searchable(sweep)
    plan = _usable(workspace, _plan(workspace, folder, sweep))
    if wanted is not None:
        write_search(place, wanted)
    write_forecast(place, plan)
    write_sweep(place, sweep)
    return place


def add_to_sweep(
    workspace: Workspace,
    person: str,
    sweep_id: str,
    axes: Mapping[str, Sequence[Any]],
    repeats: int | None = None,
) -> list[Job]:
    """Add values, axes or repeats; only runs that are new are queued.

    Raises:
        SettingsError: all faults of what is added.
    """
    folder = known_person(workspace, person)
    place = folder.sweep(sweep_id)
    sweep = with_values(read_sweep(place), axes, repeats)
    write_forecast(place, _usable(workspace, _plan(workspace, folder, sweep)))
    write_sweep(place, sweep)
    return continue_sweep(workspace, person, place.id)


def continue_sweep(
    workspace: Workspace, person: str, sweep_id: str, *, failed: bool = False
) -> list[Job]:
    """Queue every run that has no job or whose job was stopped or lost, and the page after them.

    A search is gone on with by its next step.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        sweep_id: name of the sweep.
        failed: runs that failed are tried again too.

    Raises:
        JobError: another process starts this sweep just now.
    """
    place = known_person(workspace, person).sweep(sweep_id)
    sweep = read_sweep(place)
    name = f"sweep {place.person.slug} {place.id}"
    owner = f"starting {os.getpid()}"
    with Leases(workspace).held(name, owner, LEASE_SECONDS) as free:
        if not free:
            raise JobError(f"The sweep {place.id!r} is being started just now: try again soon.")
        if place.search.exists():
            jobs = queue_search(Queue(workspace), place)
        else:
            jobs = _queue_runs(workspace, place, sweep, failed=failed)
    ensure_worker(workspace)
    return jobs


def pause_sweep(workspace: Workspace, person: str, sweep_id: str) -> int:
    """Take the waiting runs out of the queue; the one that trains goes on. Gives how many."""
    return _stop(workspace, person, sweep_id, (JobState.QUEUED,))


def stop_sweep(workspace: Workspace, person: str, sweep_id: str, *, when: StopWhen = "now") -> int:
    """Stop all runs, the one that trains now or after its next save. Gives how many."""
    stopped = _stop(workspace, person, sweep_id, ACTIVE, when)
    # A run whose worker died is stopped by the next one.
    ensure_worker(workspace)
    return stopped


def status_of(workspace: Workspace, person: str, sweep_id: str) -> list[RunStatus]:
    """Where each run of a sweep stands."""
    place = known_person(workspace, person).sweep(sweep_id)
    return sweep_status(place, read_sweep(place), Queue(workspace))


def draw_page(workspace: Workspace, person: str, sweep_id: str) -> Job:
    """Queue the page for what is there by now."""
    place = known_person(workspace, person).sweep(sweep_id)
    read_sweep(place)
    job = _queue_page(Queue(workspace), place, [])
    ensure_worker(workspace)
    return job


def page_jobs(workspace: Workspace, place: SweepFolder) -> list[Job]:
    """The jobs that draw the page of a sweep, oldest first."""
    about = {"sweep": place.id}
    return Queue(workspace).jobs(person=place.person.slug, kind=PAGE, about=about)


def _plan(workspace: Workspace, folder: PersonFolder, sweep: Sweep) -> SweepPlan:
    workspace.cache.mkdir(parents=True, exist_ok=True)
    # Beside the photos, so that they can be linked.
    with TemporaryDirectory(dir=workspace.cache, prefix="sweep-") as scratch:
        return plan_sweep(expand(sweep), RunJudge(workspace, folder, Path(scratch)))


def _usable(workspace: Workspace, plan: SweepPlan) -> SweepPlan:
    if not plan.runs:
        faults = [f"{run.name}: {run.refused}" for run in plan.refused]
        raise SettingsError("Nothing of this sweep can be trained", faults)
    free = shutil.disk_usage(workspace.root).free
    if plan.disk_bytes > free:
        raise InputError(
            f"The sweep writes about {plan.disk_bytes / 1e9:.1f} GB, and {free / 1e9:.1f} GB are "
            "free: save less often (save_every_n_epochs), in 16 bit, or free some space."
        )
    return plan


def _queue_runs(
    workspace: Workspace, place: SweepFolder, sweep: Sweep, *, failed: bool
) -> list[Job]:
    queue, who = Queue(workspace), load_person(place.person)
    wanted = [
        status
        for status in sweep_status(place, sweep, queue)
        if not (status.run.refused or status.is_active or status.is_finished)
        and (failed or status.job is None or status.job.state is not JobState.FAILED)
    ]
    installations = {
        t: sd_scripts.locate(t) for t in {status.run.point.trainer for status in wanted}
    }
    jobs = []
    for status in wanted:
        run = status.folder or make_run(place, status.run, who)
        sd_scripts.keep_installation(run, installations[status.run.point.trainer])
        params = {"person": sweep.person, "run": run.id}
        jobs.append(queue.submit("train.run", params, person=sweep.person))
    waiting = [s.job for s in sweep_status(place, sweep, queue) if s.job and s.is_active]
    drawn = [job for job in page_jobs(workspace, place) if job.state is JobState.QUEUED]
    if jobs or not drawn:
        _queue_page(queue, place, waiting)
    return jobs


def _queue_page(queue: Queue, place: SweepFolder, after: Sequence[Job]) -> Job:
    params = {"person": place.person.slug, "sweep": place.id}
    needs = [job.id + ONLY_OVER for job in after]
    return queue.submit(PAGE, params, person=place.person.slug, needs=needs)


def _stop(
    workspace: Workspace,
    person: str,
    sweep_id: str,
    states: Sequence[JobState],
    when: StopWhen = "now",
) -> int:
    queue = Queue(workspace)
    stopped = 0
    # Its next step would queue again what is stopped here.
    for job in search_steps(queue, known_person(workspace, person).sweep(sweep_id)):
        queue.request_stop(job.id)
    # From the last to the first, so that no waiting run begins meanwhile.
    for status in reversed(status_of(workspace, person, sweep_id)):
        if status.job and queue.get(status.job.id).state in states:
            queue.request_stop(status.job.id, when)
            stopped += 1
    return stopped
