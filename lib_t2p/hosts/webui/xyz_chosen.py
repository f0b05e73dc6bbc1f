"""What the axes chose for one cell, and which saved model that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from lib_t2p.errors import InputError
from lib_t2p.grids.axes import MAX_WEIGHT, NO_LORA, is_none, number_of
from lib_t2p.hosts.webui.xyz_catalogue import Catalogue, TrainedRun
from lib_t2p.runs import SavedModel

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
