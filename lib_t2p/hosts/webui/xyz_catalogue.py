"""What the axes can choose from: people, runs, saved models and sweeps on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lib_t2p.errors import T2PError
from lib_t2p.runs import Run, SavedModel, read_run, saved_models
from lib_t2p.sweeps import BASE, expand, made_runs, read_sweep
from lib_t2p.workspace import PersonFolder, RunFolder, SweepFolder, Workspace


@dataclass(frozen=True)
class TrainedRun:
    """A run that has saved something.

    Attributes:
        person: folder name of the person.
        id: of the run, unique among the person's.
        trigger: token that stands for the person in its prompts.
        class_word: what the person is.
        models: oldest first, at least one.
        changed: Unix seconds at which it last saved.
    """

    person: str
    id: str
    trigger: str
    class_word: str
    models: tuple[SavedModel, ...]
    changed: float

    @property
    def name(self) -> str:
        """Unique in the workspace, such as `ann/first`."""
        return f"{self.person}/{self.id}"

    def epoch(self, number: int) -> SavedModel | None:
        """The last model of an epoch."""
        return next((m for m in reversed(self.models) if m.epoch == number), None)


@dataclass(frozen=True)
class SweptRun:
    """A trained run as a sweep knows it.

    Attributes:
        sweep: such as `ann/ranks`.
        labels: axis -> value; empty for the base.
        run: `TrainedRun.name`.
    """

    sweep: str
    labels: Mapping[str, str]
    run: str

    @property
    def values(self) -> tuple[str, ...]:
        """How the plot's list names it, once for each setting, such as `ann/ranks: rank=64`."""
        texts = [f"{name}={label}" for name, label in self.labels.items()] or [BASE]
        return tuple(f"{self.sweep}: {text}" for text in texts)


@dataclass(frozen=True)
class Catalogue:
    """All of it, the run that saved last first."""

    runs: tuple[TrainedRun, ...]
    swept: tuple[SweptRun, ...] = ()

    @property
    def people(self) -> list[str]:
        """Folder names, by name."""
        return sorted({run.person for run in self.runs})

    @property
    def stems(self) -> dict[str, tuple[TrainedRun, SavedModel]]:
        """Stem -> run and model, in order."""
        return {model.stem: (run, model) for run in self.runs for model in run.models}

    @property
    def sweep_values(self) -> list[str]:
        """All that the axis of sweep values can be."""
        return list(dict.fromkeys(value for swept in self.swept for value in swept.values))

    def run(self, name: str) -> TrainedRun | None:
        """A run by `person/run`, or by its own name when only one has it."""
        found = [run for run in self.runs if name in (run.name, run.id)]
        exact = [run for run in found if run.name == name]
        return (exact or found)[0] if exact or len(found) == 1 else None

    def newest(self, person: str = "") -> TrainedRun | None:
        """The run that saved last, of a person or of all."""
        return next((run for run in self.runs if person in ("", run.person)), None)


def read_catalogue(workspace: Workspace, *, with_sweeps: bool = True) -> Catalogue:
    """Look through the workspace; what is damaged is left out."""
    runs: list[TrainedRun] = []
    swept: list[SweptRun] = []
    for person in workspace.people():
        own = list(_trained(person))
        runs += own
        if with_sweeps and own:
            names = {run.id for run in own}
            swept += [s for folder in person.sweeps() for s in _swept(folder, names)]
    return Catalogue(tuple(sorted(runs, key=lambda r: r.changed, reverse=True)), tuple(swept))


def _trained(person: PersonFolder) -> Iterator[TrainedRun]:
    for folder in person.runs():
        try:
            run = read_run(folder)
        except T2PError:
            continue
        models = tuple(saved_models(folder))
        if models:
            yield _trained_run(folder, run, models)


def _trained_run(folder: RunFolder, run: Run, models: tuple[SavedModel, ...]) -> TrainedRun:
    changed = folder.model.stat().st_mtime
    return TrainedRun(run.person, folder.id, run.trigger, run.class_word, models, changed)


def _swept(folder: SweepFolder, trained: set[str]) -> Iterator[SweptRun]:
    try:
        runs = expand(read_sweep(folder))
    except T2PError:
        return
    made = made_runs(folder)
    slug = folder.person.slug
    for run in runs:
        place = made.folder_of(run)
        if place is not None and place.id in trained:
            yield SweptRun(f"{slug}/{folder.id}", dict(run.labels), f"{slug}/{place.id}")
