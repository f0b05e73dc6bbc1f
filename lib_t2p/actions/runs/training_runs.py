"""Checking and queueing trainings."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.actions.submitting import dataset_version, known_person, submit_job
from lib_t2p.errors import SettingsError
from lib_t2p.jobs import Job
from lib_t2p.jobs.events import Warned, append_event
from lib_t2p.preflight import Forecast
from lib_t2p.preflight.checks import (
    CheckFacts,
    MachineFacts,
    errors,
    findings,
    gather_facts,
    look_at_machine,
)
from lib_t2p.preflight.forecasts import load_measurements
from lib_t2p.runs import Run, create_run, keep_forecast, own_prompts, state_fault, trainers
from lib_t2p.runs.trainers import sd_scripts
from lib_t2p.settings import Finding, Settings, load_recipe, recipe_folders, settings_from
from lib_t2p.workspace import PersonFolder, RunFolder, Workspace, load_person

REFUSED = "This run is refused"


@dataclass(frozen=True)
class RunCheck:
    """A run before it starts.

    Attributes:
        settings: recipe and changes, each good in itself.
        facts: what the checks looked at.
        findings: errors first.
        dataset: version number.
    """

    settings: Settings
    facts: CheckFacts
    findings: list[Finding]
    dataset: int

    @property
    def forecast(self) -> Forecast | None:
        """None when the pictures cannot be read."""
        return self.facts.forecast

    def usable(self) -> RunCheck:
        """This check; raises `SettingsError` with all errors at once when there are any."""
        refused = errors(self.findings)
        if refused:
            raise SettingsError(REFUSED, [finding.sentence for finding in refused])
        return self


def machine_of(workspace: Workspace) -> MachineFacts:
    """What the checks know of this computer."""
    return look_at_machine(workspace.root, load_measurements(workspace.cache))


def check_run(
    workspace: Workspace,
    person: str,
    *,
    recipe: str,
    overrides: Mapping[str, Any],
    checkpoint: Path,
    dataset: int | None = None,
    trainer: str = "builtin",
    trusted: bool = False,
    machine: MachineFacts | None = None,
) -> RunCheck:
    """Check a run without starting it; the arguments are those of `submit_run`.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        recipe: name of a preset or of a recipe file.
        overrides: settings that differ from the recipe.
        checkpoint: base checkpoint.
        dataset: version number; the newest when None.
        trainer: who trains.
        trusted: whether a person said that unlisted code may be run.
        machine: the computer; looked at when None.

    Raises:
        SettingsError: values that make no settings; all faults.
        InputError: no such person, dataset, recipe or trainer.
    """
    folder = known_person(workspace, person)
    trainers.trainer_named(trainer)
    values = {**load_recipe(recipe, recipe_folders(workspace)).values, **overrides}
    settings = settings_from(values, trusted=trusted)
    if fault := state_fault(settings.resume, workspace, trusted=trusted):
        raise SettingsError("These settings cannot be used", [fault])
    version = dataset_version(folder, dataset)
    facts = gather_facts(
        settings,
        version.root,
        checkpoint=checkpoint,
        trainer=trainer,
        machine=machine or machine_of(workspace),
    )
    found = [*findings(settings, facts), *_prompts_of(folder, settings)]
    return RunCheck(settings, facts, found, version.number)


def _prompts_of(folder: PersonFolder, settings: Settings) -> list[Finding]:
    """A note where the sample prompts are to name this person instead of what stands there."""
    who, text = load_person(folder), settings.sample_prompts
    if own_prompts(folder, text, who.trigger, who.class_word) == text:
        return []
    what = f"The sample prompts will name {who.caption}."
    why = "They leave room for a token and a class, or name another person's."
    return [Finding("sample-person", "note", what, why)]


def submit_run(
    workspace: Workspace,
    person: str,
    name: str,
    *,
    recipe: str,
    overrides: Mapping[str, Any],
    checkpoint: Path,
    dataset: int | None = None,
    trainer: str = "builtin",
    trusted: bool = False,
    cpu_threads: int = 0,
) -> tuple[RunFolder, Job]:
    """Check settings, dataset, checkpoint and machine, then queue the training.

    What the checks warn of stands in the job's events from the start.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        name: of the run; unique for the person.
        recipe: name of a preset or of a recipe file.
        overrides: settings that differ from the recipe, by sd-scripts' option names.
        checkpoint: base checkpoint file or diffusers folder.
        dataset: version number; the newest when None.
        trainer: who trains.
        trusted: whether a person said that unlisted code may be run; never over the API.
        cpu_threads: threads per process, as of `accelerate launch`; 0 leaves that to the trainer.

    Raises:
        SettingsError: all faults of the settings, or all reasons why the run is refused.
        InputError: no such person, dataset, recipe or trainer, or the run exists.
        SetupError: the trainer is not set up.
    """
    folder = known_person(workspace, person)
    check = check_run(
        workspace,
        person,
        recipe=recipe,
        overrides=overrides,
        checkpoint=checkpoint,
        dataset=dataset,
        trainer=trainer,
        trusted=trusted,
    ).usable()
    installation = sd_scripts.locate(trainer)
    who = load_person(folder)
    run = Run(
        person=folder.slug,
        name=name,
        dataset=check.dataset,
        checkpoint=str(checkpoint.absolute()),
        trainer=trainer,
        settings=check.settings,
        trigger=who.trigger,
        class_word=who.class_word,
        cpu_threads=cpu_threads,
        trusted=trusted,
    )
    run_folder = create_run(folder, run)
    sd_scripts.keep_installation(run_folder, installation)
    if check.forecast:
        keep_forecast(run_folder, check.forecast.minutes, check.forecast.basis)
    params = {"person": folder.slug, "run": run_folder.id}
    job = submit_job(workspace, "train.run", params, folder)
    warn(workspace, job, check.findings)
    return run_folder, job


def warn(workspace: Workspace, job: Job, found: Sequence[Finding]) -> None:
    """Write warnings into a job's events, so that its page shows them."""
    for finding in found:
        if finding.severity == "warning":
            append_event(workspace.job(job.id).events, Warned(time.time(), finding.sentence))
