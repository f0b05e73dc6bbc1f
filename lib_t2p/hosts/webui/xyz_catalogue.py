"""What our axes can choose from, what they chose for one cell, and which saved model that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from lib_t2p.errors import InputError, T2PError
from lib_t2p.grids.axes import MAX_WEIGHT, NO_LORA, is_none, number_of
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


Kind = Literal["person", "run", "model", "weight", "trigger_weight", "sweep"]


@dataclass(frozen=True)
class Chosen:
    """Values by kind; empty or None where no axis chose.

    Attributes:
        person: folder name.
        run: `person/run`.
        model: a stem, or the number of an epoch.
        sweep: values of swept settings, each `person/sweep: setting=value`.
        weight: of the LoRA.
        trigger_weight: emphasis of the trigger in the prompt.
        without: no LoRA at all.
    """

    person: str = ""
    run: str = ""
    model: str = ""
    sweep: tuple[str, ...] = ()
    weight: float | None = None
    trigger_weight: float | None = None
    without: bool = False

    @property
    def names_model(self) -> bool:
        """Whether an axis says whose or which LoRA it is."""
        return bool(self.person or self.run or self.model or self.sweep)


def choose(chosen: Chosen, kind: Kind, value: str) -> Chosen:
    """Add the value of one axis."""
    if is_none(value):
        return replace(chosen, without=True)
    named: Any = value.strip()
    if kind in ("weight", "trigger_weight"):
        named = number_of(value)
    elif kind == "sweep":
        named = (*chosen.sweep, value)
    return replace(chosen, **{kind: named})


def value_fault(kind: Kind, value: str, known: Catalogue) -> str | None:
    """Why a value names nothing, or None."""
    if is_none(value):
        return None
    if kind in ("weight", "trigger_weight"):
        number = number_of(value)
        least = -MAX_WEIGHT if kind == "weight" else 0.0
        if number is None or not least <= number <= MAX_WEIGHT:
            return f"{value!r} is no weight from {least:g} to {MAX_WEIGHT:g}, nor {NO_LORA!r}"
    elif kind == "person" and value not in known.people:
        return f"nobody called {value!r} has a saved model" + _there_are(known.people)
    elif kind == "run" and known.run(value) is None:
        return f"there is no run {value!r} with a saved model" + _there_are(
            [run.name for run in known.runs]
        )
    elif kind == "model" and value not in known.stems and number_of(value) is None:
        return f"there is no saved model {value!r}: give its name or an epoch"
    elif kind == "sweep" and value not in known.sweep_values:
        return f"no trained run of a sweep has {value!r}" + _there_are(known.sweep_values)
    return None


def model_of(chosen: Chosen, known: Catalogue, named: str = "") -> tuple[TrainedRun, SavedModel]:
    """The saved model that the values name together.

    Args:
        chosen: values that `value_fault` let through.
        known: what is on disk.
        named: stem of the LoRA that the prompt names; says the run when no axis does.

    Raises:
        InputError: they contradict each other, or no such model was saved.
    """
    stems = known.stems
    if chosen.model in stems:
        run, model = stems[chosen.model]
        wanted = _run_of(chosen, known, "") if chosen.run or chosen.sweep else None
        if (wanted and wanted.name != run.name) or chosen.person not in ("", run.person):
            other = wanted.name if wanted else chosen.person
            raise InputError(f"{model.stem} is no saved model of {other}: choose by epoch")
        return run, model
    run = _run_of(chosen, known, named)
    if not chosen.model:
        return run, run.models[-1]
    number = number_of(chosen.model) or 0.0
    found = run.epoch(int(number)) if number == int(number) else None
    if found is None:
        epochs = ", ".join(dict.fromkeys(str(m.epoch) for m in run.models))
        raise InputError(f"{run.name} has no saved model of epoch {chosen.model}: it has {epochs}")
    return run, found


def _run_of(chosen: Chosen, known: Catalogue, named: str) -> TrainedRun:
    run = _swept_run(chosen, known) if chosen.sweep else None
    if chosen.run:
        given = known.run(chosen.run)
        if run and given and given.name != run.name:
            raise InputError(f"{' and '.join(chosen.sweep)} is {run.name}, not {given.name}")
        run = given
    if run and chosen.person not in ("", run.person):
        raise InputError(f"{run.name} is no run of {chosen.person}: use one of the two axes")
    if run is None and not chosen.person and named in known.stems:
        run = known.stems[named][0]
    run = run or known.newest(chosen.person)
    if run is None:
        raise InputError("nothing was trained yet: train a person in the Text to Person tab")
    return run


def _swept_run(chosen: Chosen, known: Catalogue) -> TrainedRun:
    fits = [s for s in known.swept if all(value in s.values for value in chosen.sweep)]
    # What the axes leave open stays as near to the base as there is a run for, first seed first.
    fits.sort(key=lambda swept: len(swept.labels))
    run = known.run(fits[0].run) if fits else None
    if run is None:
        raise InputError(f"no trained run of a sweep has {' and '.join(chosen.sweep)}")
    return run


def _there_are(names: list[str]) -> str:
    if not names:
        return ": train one first"
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"; there are {', '.join(names[:8])}{more}"
