"""One step of a search: looks at runs, grids and study, and queues what comes next.

Runs are what it chooses among; Optuna knows them by words.

Nothing is remembered but in those files, so that a step may be repeated after a crash.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib_t2p.errors import T2PError
from lib_t2p.jobs import Job, JobContext, JobState
from lib_t2p.preflight import collect_images, step_plan
from lib_t2p.preflight.checks import data_dirs
from lib_t2p.runs import SavedModel, read_run, saved_models
from lib_t2p.runs.trainers.sd_scripts import keep_installation, locate
from lib_t2p.search.rung_grids import advance_grid, models_grid, scores_of, search_grid
from lib_t2p.search.search_plan import read_search, rung_epoch, survivors
from lib_t2p.search.study import Study, Trial
from lib_t2p.sweeps import (
    BASE,
    Sweep,
    SweepRun,
    expand,
    made_runs,
    make_run,
    read_forecast,
    read_sweep,
)
from lib_t2p.workspace import RunFolder, SweepFolder, load_person

RUN = "run"
"""The one parameter of a sweep that changes one setting at a time: its values are run names."""


def entrants(sweep: Sweep, refused: Mapping[str, str]) -> list[SweepRun]:
    """The first of each group of repeats that may be trained.

    Args:
        sweep: to be searched.
        refused: name of a run -> why the checks refuse it.
    """
    first: dict[str, SweepRun] = {}
    for run in expand(sweep):
        first.setdefault(run.group, run)
    return [run for run in first.values() if not run.refused and run.name not in refused]


def search_space(sweep: Sweep, runs: Sequence[SweepRun]) -> dict[str, list[str]]:
    """Parameter -> its values, for the sampler.

    The runs of a product are points between axes, from whose neighbours TPE may learn; otherwise
    each run stands for itself.
    """
    if sweep.mode == "product" and sweep.axes and runs and runs[0].name != BASE:
        return {a.short_name: [choice.label for choice in a.choices] for a in sweep.axes}
    return {RUN: [run.name for run in runs]}


def entrant_of(
    sweep: Sweep, runs: Sequence[SweepRun], params: Mapping[str, str]
) -> SweepRun | None:
    """The run that a sampler's choice means; None when it is refused."""
    wanted = params[RUN] if RUN in params else _name(sweep, params)
    return next((run for run in runs if wanted in (run.name, *run.also)), None)


def _name(sweep: Sweep, params: Mapping[str, str]) -> str:
    """As `expanding` names a combination: choices that change nothing stay unnamed."""
    parts = []
    for axis in sweep.axes:
        label = params[axis.short_name]
        if any(choice.label == label and choice.changes for choice in axis.choices):
            parts.append(f"{axis.short_name}={label}")
    return ", ".join(parts) or BASE


@dataclass(frozen=True)
class RunEpochs:
    """Epochs of a run.

    Attributes:
        total: of the whole training, from 1.
        every: epochs between two saved models; 0 when it saves at its end only.
    """

    total: int
    every: int


def epochs_of(folder: RunFolder) -> RunEpochs:
    """The epochs of a stored run; counted from its photos when its settings give steps.

    Raises:
        InputError, DatasetError: the run or its dataset can't be read.
    """
    run = read_run(folder)
    settings = run.settings
    every = settings.save_every_n_epochs or 0
    if settings.max_train_epochs:
        return RunEpochs(settings.max_train_epochs, every)
    train, reg = data_dirs(settings, folder.person.dataset(run.dataset).root)
    return RunEpochs(step_plan(collect_images(train, reg, settings), settings).epochs, every)


@dataclass(frozen=True)
class Entry:
    """A running trial and its run."""

    trial: Trial
    run: SweepRun
    folder: RunFolder


class SearchStep:
    """What one job of a search does.

    Args:
        context: of the job.
        place: the sweep that is searched.
        asked: ids of the jobs that this step waited for.
    """

    def __init__(self, context: JobContext, place: SweepFolder, asked: Collection[str]) -> None:
        self._context = context
        self._place = place
        self._asked = asked
        self._plan = read_search(place)
        self._sweep = read_sweep(place)
        self._runs = entrants(self._sweep, read_forecast(place).refused)
        space = search_space(self._sweep, self._runs)
        self._study = Study(place, self._plan, space)
        self._size = self._plan.cohort_size(self._study.wanted)

    def advance(self) -> list[Job]:
        """Do what can be done now; gives the jobs to wait for, none when the search is over."""
        while True:
            self._context.check_stop()
            running = self._running()
            if not running:
                begun = len(self._study.trials())
                if begun >= self._study.wanted:
                    return []
                self._study.propose(min(begun + self._size, self._study.wanted))
                self._refuse_unknown()
                continue
            rung = min(_next_rung(entry.trial) for entry in running)
            jobs = self._train(running, rung) or self._paint(rung)
            if jobs:
                return jobs
            self._decide(rung)

    def outcome(self) -> dict[str, Any]:
        """Which run is best, and what became of each trial; a job's result."""
        trials = self._study.trials()
        last = len(self._plan.rungs) - 1
        ended = [t for t in trials if t.state == "finished" and last in t.scores]
        best = min(ended, key=lambda t: t.scores[last], default=None)
        run = entrant_of(self._sweep, self._runs, best.params) if best else None
        return {
            "best": run.name if run else "",
            "distance": best.scores[last] if best else None,
            "trials": [[*map(str, t.params.values()), t.state, len(t.scores)] for t in trials],
        }

    def _running(self) -> list[Entry]:
        """The trials of the present cohort that are trained on."""
        running = [t for t in self._study.trials() if t.state == "running"]
        if not running:
            return []
        cohort = min(t.number // self._size for t in running)
        return [self._entry(t) for t in running if t.number // self._size == cohort]

    def _entry(self, trial: Trial) -> Entry:
        run = entrant_of(self._sweep, self._runs, trial.params)
        if run is None:
            raise T2PError(f"The search of {self._place.id} has a trial that is none of its runs.")
        folder = made_runs(self._place).folder_of(run)
        folder = folder or make_run(self._place, run, load_person(self._place.person))
        keep_installation(folder, locate(run.point.trainer))
        return Entry(trial, run, folder)

    def _refuse_unknown(self) -> None:
        for trial in self._study.trials():
            if trial.state == "running" and not entrant_of(self._sweep, self._runs, trial.params):
                self._study.end(trial.number, "failed")

    def _train(self, running: Sequence[Entry], rung: int) -> list[Job]:
        """Queue what is not trained up to the rung; gives the jobs that still train."""
        queue = self._context.queue
        newest = queue.newest_of_each("run", self._place.person.slug, "train.run")
        jobs = {str(job.params.get("run")): job for job in reversed(newest)}
        active = []
        for entry in running:
            epochs = epochs_of(entry.folder)
            if self._model(entry, epochs, rung):
                continue
            job = jobs.get(entry.folder.id)
            if job is not None and not job.is_over:
                active.append(job)
            elif job is not None and (job.id in self._asked or job.state is JobState.FAILED):
                self._context.warning(f"{entry.run.name} is out: {job.reason}")
                self._study.end(entry.trial.number, "failed")
            else:
                active.append(self._submit(entry, epochs, rung))
        return active

    def _submit(self, entry: Entry, epochs: RunEpochs, rung: int) -> Job:
        slug = self._place.person.slug
        params: dict[str, Any] = {"person": slug, "run": entry.folder.id}
        until = rung_epoch(epochs.total, epochs.every, self._plan.rungs[rung])
        if until < epochs.total:
            params["until_epoch"] = until
        return self._context.queue.submit("train.run", params, person=slug)

    def _model(self, entry: Entry, epochs: RunEpochs, rung: int) -> SavedModel | None:
        wanted = rung_epoch(epochs.total, epochs.every, self._plan.rungs[rung])
        models = [m for m in saved_models(entry.folder) if m.epoch >= wanted]
        return min(models, key=lambda m: m.epoch, default=None)

    def _paint(self, rung: int) -> list[Job]:
        """Queue the grid of the rung; gives the jobs that still paint and score."""
        running = self._running()
        if not running:
            return []
        shown = {}
        for entry in running:
            model = self._model(entry, epochs_of(entry.folder), rung)
            if model is not None:
                shown[model.stem] = (entry.folder.id, entry.run.name, model)
        person = self._place.person
        cohort = running[0].trial.number // self._size
        grid = search_grid(self._place, cohort, rung)
        plan = models_grid(person, self._sweep, self._plan.look, list(shown.values()))
        jobs = advance_grid(self._context.queue, person, grid, plan, self._asked)
        if not jobs:
            found = scores_of(grid)
            for entry in running:
                model = self._model(entry, epochs_of(entry.folder), rung)
                if model is not None and model.stem in found:
                    self._study.report(entry.trial.number, rung, found[model.stem])
        return jobs

    def _decide(self, rung: int) -> None:
        """End the trials that are not trained on after a rung."""
        scored = [e.trial for e in self._running() if rung in e.trial.scores]
        scored.sort(key=lambda trial: (trial.scores[rung], trial.number))
        last = rung == len(self._plan.rungs) - 1
        kept = survivors(self._size, self._plan.rungs[rung])
        for trial in scored if last else scored[kept:]:
            self._study.end(trial.number, "finished" if last else "stopped early")


def _next_rung(trial: Trial) -> int:
    return max(trial.scores, default=-1) + 1
