"""Reading what the runs of a sweep left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lib_t2p.jobs.events import EventReader, Metric, Warned
from lib_t2p.jobs.queue import Job, Queue
from lib_t2p.training.runs import saved_models
from lib_t2p.training.sweeps.planning import read_forecast
from lib_t2p.training.sweeps.results import RunResult, numbers_of
from lib_t2p.training.sweeps.status import RunStatus, sweep_status
from lib_t2p.training.sweeps.sweep import Sweep
from lib_t2p.workspace import SweepFolder, Workspace


@dataclass(frozen=True)
class Told:
    """What the jobs of one run told.

    Attributes:
        points: TensorBoard tag -> (step, value), steps rising; a step that was told again by a
            resumed training has its newer number.
        warnings: each different sentence once.
        minutes: from start to end, all tries together; None before the first start.
    """

    points: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    minutes: float | None = None


@dataclass(frozen=True)
class Collected:
    """One run with its curves and numbers."""

    status: RunStatus
    told: Told
    result: RunResult


def collect(
    folder: SweepFolder, sweep: Sweep, queue: Queue, workspace: Workspace
) -> list[Collected]:
    """Every run of a sweep, in its order."""
    jobs = queue.jobs(person=sweep.person, kind="train.run")
    warned = read_forecast(folder).warnings
    found = []
    for status in sweep_status(folder, sweep, queue):
        run = status.folder.id if status.folder else ""
        own = [job for job in jobs if run and job.params.get("run") == run]
        told = told_by(own, workspace)
        before = warned.get(status.run.name, ())
        found.append(Collected(status, told, _result(status, told, before)))
    return found


def told_by(jobs: Sequence[Job], workspace: Workspace) -> Told:
    """Read the events of all jobs of one run, oldest first."""
    curves: dict[str, dict[int, float]] = {}
    warnings: dict[str, None] = {}
    for job in jobs:
        for event in EventReader(workspace.job(job.id).events).read_new():
            if isinstance(event, Metric):
                curves.setdefault(event.tag, {})[event.step] = event.value
            elif isinstance(event, Warned):
                warnings[event.message] = None
    spans = [j.ended - j.started for j in jobs if j.started is not None and j.ended is not None]
    return Told(
        points={tag: sorted(points.items()) for tag, points in sorted(curves.items())},
        warnings=tuple(warnings),
        minutes=sum(spans) / 60 if spans else None,
    )


def _result(status: RunStatus, told: Told, warned: Sequence[str]) -> RunResult:
    run = status.run
    models = saved_models(status.folder) if status.folder else []
    return RunResult(
        name=run.name,
        group=run.group,
        run=status.folder.id if status.folder else "",
        state=status.state,
        reason=status.reason,
        labels=dict(run.labels),
        seed=run.seed,
        also=run.also,
        minutes=told.minutes,
        findings=tuple(dict.fromkeys((*warned, *told.warnings))),
        models=tuple(model.stem for model in models),
        **numbers_of(told.points),
    )
