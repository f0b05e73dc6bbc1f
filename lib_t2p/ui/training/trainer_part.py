"""Choosing who trains, and setting sd-scripts up."""

from __future__ import annotations

from html import escape
from typing import Any

from lib_t2p import environment, jobs
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import InputError
from lib_t2p.runs import trainers
from lib_t2p.settings.options import BUILTIN
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import button, choice_field, on_press, panel
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.job_activity import job_panel
from lib_t2p.ui.markup import Tone, badge, message

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
