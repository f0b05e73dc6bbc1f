"""How a launch goes on from what an earlier one left."""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.runs.own_states import run_of
from lib_t2p.runs.runs import Run
from lib_t2p.runs.trainers.sd_scripts.launches import LaunchFacts, output_name, read_facts
from lib_t2p.runs.trainers.sd_scripts.states import State, is_unchanged, prepare_resume, states
from lib_t2p.settings.options import OLDEST
from lib_t2p.workspace import RunFolder

SAMPLES = "sample"
"""Where sd-scripts writes sample images, below its output folder."""


@dataclass(frozen=True)
class Resumption:
    """How a launch begins.

    Attributes:
        facts: of the launch.
        values: what it adds to the configuration; None removes an option.
        env: variables to set.
        notes: sentences for the person.
    """

    facts: LaunchFacts
    values: dict[str, Any] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def beginning(folder: RunFolder, run: Run, *, again: bool) -> Resumption:
    """Decide how to launch a run, and remove what was half-written before.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    before = read_facts(folder)
    if not again or before is None:
        return Resumption(LaunchFacts())
    set_aside(folder, run)
    state, notes = _usable(folder, run, before)
    if state is None:
        facts = LaunchFacts(number=before.number + 1)
        return Resumption(facts, notes=(*notes, _anew(run)))
    return replace_notes(_from_state(folder, run, before, state), notes)


def named_state(folder: RunFolder, run: Run) -> str | None:
    """The state that the settings name, as sd-scripts takes it; None when they name none.

    Raises:
        InputError: it runs code of others, or could, and nobody said to trust it.
    """
    named = run.settings.resume
    if not named:
        return None
    path = Path(named).absolute()
    if not run.trusted:
        owner = run_of(path, folder.person.workspace)
        known = [state for state in states(owner) if state.name == path.name] if owner else []
        if not owner or not known or not is_unchanged(owner, known[0]):
            raise InputError(
                f"resume names {named!r}, which is no training state of this workspace as it was "
                "saved: sd-scripts would run code that is in it, so leave it out, or say "
                "explicitly that you trust it."
            )
    return str(path)


def replace_notes(begin: Resumption, notes: tuple[str, ...]) -> Resumption:
    """Put other notes before those of a beginning."""
    return replace(begin, notes=(*notes, *begin.notes))


def skips_steps(run: Run) -> bool:
    """Whether the trainer can leave out the pictures that were seen before.

    v0.8.7 cannot. The later ones count wrong where gradients are accumulated: they multiply the
    steps, and divide by batches that are divided already (`train_network.py`, "set epoch to
    start").
    """
    return run.trainer != OLDEST and run.settings.gradient_accumulation_steps == 1


def _from_state(folder: RunFolder, run: Run, before: LaunchFacts, state: State) -> Resumption:
    per_epoch = before.steps_per_epoch
    epochs = state.step // per_epoch
    known = replace(before, number=before.number + 1, steps_before=state.step)
    fresh = not skips_steps(run)
    resume = prepare_resume(folder, state, epoch=epochs, fresh_schedule=fresh)
    values: dict[str, Any] = {"resume": str(resume), "sample_at_first": None}
    env = {"TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1"}
    if not fresh:
        values["skip_until_initial_step"] = True
        facts = replace(known, steps_in_epoch=state.step % per_epoch, epochs_before=0)
        note = f"The training goes on from its state of step {state.step}."
        return Resumption(facts, values, env, (note,))
    facts = replace(known, steps_in_epoch=0, epochs_before=epochs)
    if run.settings.max_train_epochs is not None:
        values["max_train_epochs"] = before.epochs_total - epochs
    else:
        values["max_train_steps"] = before.steps_total - state.step
    left = before.epochs_total - epochs
    note = (
        f"{run.trainer} cannot skip the steps that are done: it trains the {left} epochs that "
        f"are left of {before.epochs_total}, and the course of the learning rate starts over."
    )
    return Resumption(facts, values, env, (note,))


def _usable(
    folder: RunFolder, run: Run, before: LaunchFacts
) -> tuple[State | None, tuple[str, ...]]:
    """The newest state to go on from, and what to say of those that were passed over."""
    notes: list[str] = []
    if not before.steps_per_epoch or not before.steps_total:
        return None, ()
    for state in reversed(states(folder)):
        at_end = state.step >= before.steps_total
        between = not skips_steps(run) and state.step % before.steps_per_epoch
        if at_end or between or not state.step:
            continue
        if is_unchanged(folder, state):
            return state, tuple(notes)
        notes.append(
            f"The training state {state.name} was changed since it was saved, so it is not "
            "trusted and left aside."
        )
    return None, tuple(notes)


def _anew(run: Run) -> str:
    if run.settings.save_state:
        return "No training state was saved yet, so the training starts over."
    return (
        "The settings keep no training states (save_state is off), so the training starts over; "
        "LoRAs that it saved before stay."
    )


def set_aside(folder: RunFolder, run: Run) -> None:
    """Remove half-written files of a process that is gone.

    What was whole has been taken over or recorded before.
    """
    recorded = {state.name for state in states(folder)}
    if not folder.states.is_dir():
        return
    for path in folder.states.iterdir():
        own = path.name.startswith(output_name(folder, run)) or path.name == SAMPLES
        if own and path.name not in recorded:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def steps_per_epoch(batches: int, run: Run) -> int:
    """Optimizer steps of an epoch from the batches that sd-scripts prints."""
    return math.ceil(batches / run.settings.gradient_accumulation_steps)
