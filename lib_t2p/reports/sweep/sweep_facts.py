"""Reading what the runs of a sweep left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lib_t2p import jobs as jobs_room
from lib_t2p.curves import (
    CurveFinding,
    Curves,
    beside_siblings,
    curve_findings,
    curves_from_scalars,
    finite_or_none,
    numbers_of_curves,
)
from lib_t2p.curves.scalars import Scalar, ScalarReader
from lib_t2p.jobs.events import EventReader, Metric, Warned
from lib_t2p.reports.plots import PlottedRun
from lib_t2p.runs import read_forecast_minutes, read_run, saved_models
from lib_t2p.settings import changed_values, settings_from
from lib_t2p.sweeps import Point, RunResult, RunStatus, Sweep, SweepRun, read_forecast, sweep_status
from lib_t2p.workspace import RunFolder, SweepFolder, Workspace

KIND = "train.run"


@dataclass(frozen=True)
class Told:
    """What one run told.

    Attributes:
        curves: from its TensorBoard files, or from the events of its jobs where there are none.
        warnings: each different sentence once.
        minutes: from start to end, all tries together; None before the first start.
    """

    curves: Curves = field(default_factory=Curves)
    warnings: tuple[str, ...] = ()
    minutes: float | None = None


@dataclass(frozen=True)
class Collected:
    """One run with its curves and numbers."""

    status: RunStatus
    told: Told
    result: RunResult

    @property
    def plotted(self) -> PlottedRun:
        """As a page of plots takes it; repeats of one group make a band."""
        return PlottedRun(
            name=self.result.name,
            curves=self.told.curves,
            group=self.result.group,
            settings=self.status.run.point.settings,
            minutes=self.result.minutes,
        )


def collect(
    folder: SweepFolder, sweep: Sweep, queue: jobs_room.Queue, workspace: Workspace
) -> list[Collected]:
    """Every run of a sweep, in its order."""
    warned = read_forecast(folder).warnings
    statuses = sweep_status(folder, sweep, queue)
    return _collected(statuses, queue.jobs(person=sweep.person, kind=KIND), workspace, warned)


def collect_runs(
    runs: Sequence[RunFolder], queue: jobs_room.Queue, workspace: Workspace
) -> list[Collected]:
    """Runs of one person, of any sweep or of none, in the order given.

    Raises:
        InputError, SettingsError, WorkspaceError: a run's file is damaged.
    """
    if not runs:
        return []
    jobs = queue.jobs(person=read_run(runs[0]).person, kind=KIND)
    return _collected([_single(folder, jobs) for folder in runs], jobs, workspace, {})


def _collected(
    statuses: Sequence[RunStatus],
    jobs: Sequence[jobs_room.Job],
    workspace: Workspace,
    warned: Mapping[str, Sequence[str]],
) -> list[Collected]:
    told = [_told(status, jobs, workspace) for status in statuses]
    odd = _odd(statuses, told)
    return [
        Collected(status, one, _result(status, one, warned.get(status.run.name, ()), findings))
        for status, one, findings in zip(statuses, told, odd, strict=True)
    ]


def _told(status: RunStatus, jobs: Sequence[jobs_room.Job], workspace: Workspace) -> Told:
    run = status.folder.id if status.folder else ""
    own = [job for job in jobs if run and job.params.get("run") == run]
    return told_by(own, status.folder, workspace)


def _single(folder: RunFolder, jobs: Sequence[jobs_room.Job]) -> RunStatus:
    """A run as a sweep of itself alone would name it."""
    run = read_run(folder)
    point = Point(changed_values(run.settings), run.dataset, run.checkpoint, trainer=run.trainer)
    alone = SweepRun(run.name, folder.id, {}, point, {}, run.settings.seed or 0)
    newest = [job for job in jobs if job.params.get("run") == folder.id][-1:]
    return RunStatus(alone, folder, newest[0] if newest else None)


def told_by(jobs: Sequence[jobs_room.Job], folder: RunFolder | None, workspace: Workspace) -> Told:
    """Read what a run and all its jobs, oldest first, told."""
    metrics: list[Scalar] = []
    warnings: dict[str, None] = {}
    for job in jobs:
        for event in EventReader(workspace.job(job.id).events).read_new():
            if isinstance(event, Metric):
                metrics.append(Scalar(event.tag, event.step, event.t, event.value))
            elif isinstance(event, Warned):
                warnings[event.message] = None
    logged = ScalarReader(folder.tb).read_new() if folder and folder.tb.is_dir() else []
    spans = [j.ended - j.started for j in jobs if j.started is not None and j.ended is not None]
    return Told(
        curves=curves_from_scalars(logged or metrics),
        warnings=tuple(warnings),
        minutes=sum(spans) / 60 if spans else None,
    )


def _result(
    status: RunStatus, told: Told, warned: Sequence[str], odd: Sequence[CurveFinding]
) -> RunResult:
    run = status.run
    models = saved_models(status.folder) if status.folder else []
    numbers = numbers_of_curves(told.curves)
    return RunResult(
        name=run.name,
        group=run.group,
        run=status.folder.id if status.folder else "",
        state=status.state,
        reason=status.reason,
        labels=dict(run.labels),
        seed=run.seed,
        also=run.also,
        steps=numbers.steps,
        last_loss=finite_or_none(numbers.final_average_loss),
        least_loss=finite_or_none(numbers.least_average_loss),
        peak_dlr=finite_or_none(numbers.peak_dlr),
        seconds_per_step=finite_or_none(numbers.seconds_per_step),
        minutes=told.minutes,
        forecast=read_forecast_minutes(status.folder) if status.folder else None,
        findings=tuple(dict.fromkeys((*warned, *told.warnings, *(one.message for one in odd)))),
        models=tuple(model.stem for model in models),
    )


def _odd(statuses: Sequence[RunStatus], told: Sequence[Told]) -> list[tuple[CurveFinding, ...]]:
    """What is wrong with the curves of runs that were not refused, by themselves and together."""
    alone = [_alone(status, one.curves) for status, one in zip(statuses, told, strict=True)]
    ended = {
        index: one.curves
        for index, (status, one) in enumerate(zip(statuses, told, strict=True))
        if not status.is_active and not status.run.refused
    }
    # Runs of several sweeps may share a name, which people read in the sentences.
    names = {index: _free(statuses, index) for index in ended}
    beside = beside_siblings(
        {names[index]: curves for index, curves in ended.items()},
        {names[index]: alone[index] for index in ended},
    )
    return [
        beside[names[index]] if index in ended else tuple(findings)
        for index, findings in enumerate(alone)
    ]


def _free(statuses: Sequence[RunStatus], index: int) -> str:
    name = statuses[index].run.name
    alike = sum(1 for status in statuses if status.run.name == name)
    folder = statuses[index].folder
    return name if alike == 1 else f"{name} ({folder.id if folder else index + 1})"


def _alone(status: RunStatus, curves: Curves) -> list[CurveFinding]:
    if status.run.refused:
        return []
    settings = settings_from(status.run.point.settings)
    return curve_findings(curves, settings, ended=not status.is_active)
