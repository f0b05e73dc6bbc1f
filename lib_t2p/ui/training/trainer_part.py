"""Choosing who trains and setting sd-scripts up; what the form holds when a button is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from lib_t2p import actions, diffusion, environment, jobs, settings
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import CheckpointError, InputError
from lib_t2p.ranges import whole_number
from lib_t2p.runs import trainers
from lib_t2p.settings.options import BUILTIN, Option
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import button, choice_field, on_press, panel
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.job_activity import job_panel
from lib_t2p.ui.markup import Tone, badge, message
from lib_t2p.ui.option_fields import overrides_from
from lib_t2p.workspace import PersonFolder, Workspace

PREFIX = "sd-scripts-"
KINDS = ("env.build", "env.repair", "env.check", "env.add")
WORDS: dict[str, tuple[str, Tone]] = {
    "ready": ("ready", "good"),
    "incomplete": ("incomplete", "warn"),
    "missing": ("not installed", "plain"),
}
AT_WORK: tuple[str, Tone] = ("being set up", "info")


class TrainerPart:
    """The list of trainers with what it takes to use the chosen one."""

    def __init__(self, context: TabContext) -> None:
        self.context = context
        self.trainer = choice_field(
            "Trainer",
            "t2p_train_trainer",
            trainers.TRAINERS,
            value=BUILTIN,
            info="Who trains: ours, or kohya's sd-scripts in an environment of its own.",
        )
        self.state = panel("t2p_train_trainer_state")
        self.setup = button("Set up this trainer", "t2p_train_setup", visible=False)
        self.planned = panel("t2p_train_setup_plan")
        self.confirm = button(
            "Yes, set it up now", "t2p_train_setup_confirm", "primary", visible=False
        )
        on_press(self.setup, self._plan, [self.trainer], [self.planned, self.confirm])
        on_press(self.confirm, self._begin, [self.trainer], [self.planned, self.confirm])
        # A plan of another trainer must not be confirmed.
        g.bind(self.trainer.change, self._forget, [], [self.planned, self.confirm], quiet=True)

    def panel(self, trainer: str | None) -> tuple[str, bool]:
        """State of the chosen trainer, and whether it can be set up."""
        if not trainer or trainer == BUILTIN:
            return f'<p class="t2p-facts">{badge("ready", "good")} part of this program</p>', False
        state = next(s for s in environment.tag_states() if PREFIX + s.tag == trainer)
        job = self._job(state.tag)
        at_work = job is not None and job.state in jobs.ACTIVE
        return _state(state, at_work) + self._progress(job), state.state != "ready" and not at_work

    def _job(self, tag: str) -> jobs.Job | None:
        found = jobs.Queue(self.context.workspace).newest(1, kind=KINDS, about={"tag": tag})
        return next(iter(found), None)

    def _progress(self, job: jobs.Job | None) -> str:
        if job is None or job.state is jobs.JobState.FINISHED:
            return ""
        watch = self.context.watch
        return job_panel(job, watch.activity(job), watch.clock(), str(job.params.get("tag")))

    def _plan(self, trainer: str) -> tuple[Any, ...]:
        self.context.may_start()
        made = environment.plan(_tag(trainer))
        lines = "\n".join(f"- {line}" for line in made.lines)
        size = f"About {made.megabytes} MB on disk in the end." if made.megabytes else ""
        ask = "Nothing was done yet. Press the button below to begin." if made.megabytes else ""
        told = message(f"Setting up {made.tag}:\n{lines}\n{size}\n{ask}", "info")
        return told, g.changed(visible=True)

    def _begin(self, trainer: str) -> tuple[Any, ...]:
        self.context.may_start()
        made = environment.plan(_tag(trainer))
        with self.context.submitting:
            run_actions.submit_environment(
                self.context.workspace,
                "build",
                made.tag,
                python=made.python,
                borrow=made.borrow,
            )
        return message("Being set up: see the progress above.", "good"), g.changed(visible=False)

    def _forget(self) -> tuple[Any, ...]:
        return "", g.changed(visible=False)


def refuse_missing(trainer: str) -> None:
    """Say what to press when the chosen trainer is not set up; raises `SetupError`."""
    if trainer.startswith(PREFIX):
        environment.find_sd_scripts(trainer.removeprefix(PREFIX))


def _tag(trainer: str) -> str:
    tag = trainer.removeprefix(PREFIX)
    if tag not in environment.TAGS:
        raise InputError("The built-in trainer needs no setting up.")
    return tag


def _state(state: environment.TagState, at_work: bool) -> str:
    word, tone = AT_WORK if at_work else WORDS[state.state]
    text = state.text if state.state == "ready" else ""
    return f'<p class="t2p-facts">{badge(word, tone)} {escape(text)}</p>'


@dataclass(frozen=True)
class Filled:
    """The values of the form's components, unchecked.

    Attributes:
        who: name of the person at the top.
        version: such as `Version 2`; empty takes the newest dataset.
        base: title or path of the base checkpoint.
        recipe: its name.
        trainer: key of the registry.
        trusted: whether the person trusts code that is not listed.
        name: of the run.
        typed: what the option fields hold, in the order of `options`.
        options: of the fields.
    """

    who: str | None
    version: str | None
    base: str | None
    recipe: str
    trainer: str
    trusted: bool
    name: str
    typed: tuple[Any, ...]
    options: tuple[Option, ...]

    @classmethod
    def of(cls, values: Sequence[Any], options: Sequence[Option]) -> Filled:
        """Take the values in the order of `TrainForm.inputs`."""
        who, version, base, recipe, trainer, trusted, name, *typed = values
        return cls(
            who,
            version,
            base,
            str(recipe or ""),
            str(trainer or "builtin"),
            trusted is True,
            str(name or "").strip(),
            tuple(typed),
            tuple(options),
        )

    def known_recipe(self, workspace: Workspace) -> settings.Recipe:
        """The chosen recipe; raises `InputError` when it is gone."""
        return settings.load_recipe(self.recipe, settings.recipe_folders(workspace))

    def overrides(self, workspace: Workspace) -> dict[str, Any]:
        """The settings that differ from the recipe."""
        return overrides_from(self.options, self.typed, self.known_recipe(workspace).values)

    def values(self, workspace: Workspace) -> dict[str, Any]:
        """Recipe and changes, unchecked."""
        return {**self.known_recipe(workspace).values, **self.overrides(workspace)}

    def dataset(self, person: PersonFolder) -> int:
        """The chosen version; raises `InputError` when there is none at all."""
        if not person.datasets():
            raise InputError(text.RUN_NEEDS_DATASET)
        number = str(self.version or "").split()[-1:]
        known = [version.number for version in person.datasets()]
        chosen = whole_number(number[0]) if number else None
        return chosen if chosen is not None and chosen in known else known[-1]

    def checkpoint(self, context: TabContext) -> Path:
        """The base checkpoint; raises `InputError`."""
        return actions.checkpoint_path(context.host, self.base)


def family_of(host: actions.Host, base: str | None) -> diffusion.Family | None:
    """The family of what is chosen; None when that cannot be told."""
    try:
        path = actions.checkpoint_path(host, base)
        return _recognised(path, path.stat().st_mtime_ns)
    except (InputError, CheckpointError, OSError):
        return None


@lru_cache(maxsize=64)
def _recognised(path: Path, _: int) -> diffusion.Family:
    return diffusion.recognise(path)
