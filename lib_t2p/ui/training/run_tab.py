"""The run that is shown: watched, stopped, tried again, its models kept."""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from lib_t2p import actions, lora
from lib_t2p import jobs as jobs_room
from lib_t2p.actions import runs as run_actions
from lib_t2p.actions import sweeps as sweep_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import (
    act_channel,
    button,
    choice_field,
    on_press,
    panel,
    tools,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.job_activity import Activity
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.ui.training.form_check import TrainForm
from lib_t2p.ui.training.recipe_part import recipe_choice
from lib_t2p.ui.training.run_view import (
    CHANNEL,
    curves_panel,
    log_panel,
    models_panel,
    run_panel,
    samples_panel,
)
from lib_t2p.workspace import PersonFolder

KINDS = ("train.run",)
PANELS = ("curves", "samples", "models", "log")


def run_tab(context: TabContext, form: TrainForm) -> LivePart:
    """Build what shows one run; the part refreshes the form's lists too."""
    with tools():
        shown = choice_field("Run shown", "t2p_train_run", visible=False)
    live = panel("t2p_train_live")
    with tools():
        after = _button("Stop after the next save", "stop_after")
        stop = _button("Stop training now", "stop", variant="stop")
        again = _button("Train again from where it ended", "retry")
        report = _button("Write the report of this run", "report")
    outlook = panel("t2p_train_outlook")
    said = panel("t2p_train_stop_message")
    panels = [panel(f"t2p_train_{name}") for name in PANELS[:3]]
    with gr.Accordion("Log of the run", open=False, elem_id="t2p_train_log_shown"):
        panels.append(panel("t2p_train_log"))
    view = _RunView(context, form)
    chosen = [context.picker, shown]
    on_press(stop, view.stop, chosen, [said])
    on_press(after, view.stop_after, chosen, [said])
    on_press(again, view.again, chosen, [said])
    on_press(report, view.report, chosen, [said])
    act_channel(CHANNEL, view.keep, chosen, [said])
    trainer = form.trainer
    part = live_part(
        "train",
        view.refresh,
        [*chosen, trainer.trainer],
        [
            live,
            shown,
            after,
            stop,
            again,
            report,
            outlook,
            form.dataset,
            form.recipe,
            trainer.state,
            trainer.setup,
            *panels,
        ],
    )
    part.also_on(context.picker.change, shown.change, trainer.trainer.change)
    return part


def _button(label: str, name: str, variant: str = "secondary") -> Any:
    return button(label, f"t2p_train_{name}", variant, visible=False)


class _RunView:
    """What is shown of a run, and what its buttons do."""

    def __init__(self, context: TabContext, form: TrainForm) -> None:
        self.context = context
        self.form = form

    def stop(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """Stop the run that is shown, now."""
        return self._stop(name, shown, "now")

    def stop_after(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """Stop it when its next model is saved."""
        return self._stop(name, shown, "after_save")

    def again(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """Queue a run once more that did not end well."""
        person, _ = self.context.open_person(name)
        job = self._job(person, shown)
        if job is None:
            raise InputError("There is no run to train again: start one first.")
        with self.context.submitting:
            actions.retry_job(self.context.workspace, job.id)
        return (message("Queued again: it goes on from its last state, if it has one.", "good"),)

    def report(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """Write the page of the run from what there is so far."""
        person, _ = self.context.open_person(name)
        if not shown:
            raise InputError("There is no run to report on: start one first.")
        with self.context.submitting:
            sweep_actions.report_on_run(self.context.workspace, person.slug, shown)
        return (message(text.REPORT_ON_ITS_WAY, "info"),)

    def keep(self, act: str, name: str | None, _: str | None) -> tuple[Any, ...]:
        """Keep a saved model in the folder of LoRAs."""
        self.context.open_person(name)
        verb, _, stem = act.partition(" ")
        if verb != "keep" or not stem:
            raise InputError("There is no such saved model: reload the page.")
        host = self.context.host
        kept = run_actions.keep_lora(host.workspace, stem, lora_root=host.loras_root)
        return (message(f"Kept as {kept.name}, with a card that holds its trigger.", "good"),)

    def refresh(
        self, sender: Sender, name: str | None, shown: str | None, trainer: str | None
    ) -> list[Any]:
        """Updates for the panels and the lists."""
        found = self.context.person(name)
        workspace = self.context.workspace
        state, can_set_up = self.form.trainer.panel(trainer)
        lists = [
            recipe_choice(sender, workspace),
            sender.html("trainer", state),
            sender.send("setup", can_set_up, visible=can_set_up),
        ]
        if found is None:
            return self._nobody(sender, lists)
        person, _ = found
        jobs = self.context.watch.jobs(person.slug, KINDS, "run")
        runs = _by_age(person, jobs)
        is_new = sender.differs("runs", (person.slug, runs))
        chosen = self._chosen(person, runs, shown, is_new)
        job = self._job(person, chosen)
        activity = self.context.watch.activity(job) if job else Activity()
        return [
            sender.html("live", self._head(person, chosen, job, activity)),
            g.changed(choices=runs, value=chosen, visible=bool(runs)) if is_new else g.unchanged(),
            *self._buttons(sender, job, bool(chosen)),
            _dataset_choice(sender, person),
            *lists,
            *self._panels(sender, person, chosen, activity),
        ]

    def _stop(
        self, name: str | None, shown: str | None, when: jobs_room.StopWhen
    ) -> tuple[Any, ...]:
        person, _ = self.context.open_person(name)
        job = self._job(person, shown)
        if job is None:
            raise InputError("There is no run to stop: start one first.")
        actions.stop_job(self.context.workspace, job.id, when)
        until = " after its next save" if when == "after_save" else ""
        told = f"Asked to stop{until}. Models saved so far are kept."
        return (message(told, "info"),)

    def _buttons(self, sender: Sender, job: jobs_room.Job | None, can_report: bool) -> list[Any]:
        running = job is not None and job.state is jobs_room.JobState.RUNNING
        # Who waits for the next save may still change their mind.
        stoppable = job is not None and job.state in jobs_room.ACTIVE and job.stop != "now"
        failed = job is not None and job.state in jobs_room.BAD_ENDS
        looked = (
            actions.outlook_of_stop(self.context.workspace, job.id) if job and running else None
        )
        told = (
            f'<p class="t2p-facts"><b>After the next save:</b> {escape(looked.after_save)}<br>'
            f"<b>Now:</b> {escape(looked.now)}</p>"
            if looked
            else ""
        )
        return [
            sender.send("after", running, visible=running),
            sender.send("stop", stoppable, visible=stoppable),
            sender.send("again", failed, visible=failed),
            sender.send("report", can_report, visible=can_report),
            sender.html("outlook", told),
        ]

    def _panels(
        self, sender: Sender, person: PersonFolder, chosen: str | None, activity: Activity
    ) -> list[Any]:
        if not chosen:
            return [sender.html(panel, "") for panel in PANELS]
        run = person.run(chosen)
        kept = {p.stem for p in (self.context.host.loras_root / lora.KEPT).glob("*.safetensors")}
        return [
            sender.html("curves", curves_panel(activity)),
            sender.html("samples", samples_panel(run, activity)),
            sender.html("models", models_panel(run, kept)),
            sender.html("log", log_panel(run)),
        ]

    def _nobody(self, sender: Sender, lists: list[Any]) -> list[Any]:
        return [
            sender.html("live", empty_state(text.NO_RUN_TITLE, text.NO_PERSON)),
            sender.send("runs", None, choices=[], value=None, visible=False),
            *self._buttons(sender, None, False),
            sender.send("datasets", None, choices=[], value=None),
            *lists,
            *[sender.html(panel, "") for panel in PANELS],
        ]

    def _chosen(
        self, person: PersonFolder, runs: list[str], shown: str | None, is_new: bool
    ) -> str | None:
        if shown in runs and not is_new:
            return shown
        current = self.context.watch.current(person.slug, KINDS)
        wanted = str(current.params.get("run")) if current else ""
        return wanted if wanted in runs else next(iter(runs), None)

    def _job(self, person: PersonFolder, run: str | None) -> jobs_room.Job | None:
        return self.context.watch.newest(person.slug, KINDS, run=run) if run else None

    def _head(
        self, person: PersonFolder, run: str | None, job: jobs_room.Job | None, activity: Activity
    ) -> str:
        if run:
            return run_panel(person.run(run), job, activity, self.context.watch.clock())
        needs = text.NO_RUN if person.datasets() else text.RUN_NEEDS_DATASET
        return empty_state(text.NO_RUN_TITLE, needs)


def _by_age(person: PersonFolder, jobs: list[jobs_room.Job]) -> list[str]:
    submitted = [str(job.params.get("run")) for job in jobs]
    known = [run.id for run in person.runs()]
    newest = [run for run in dict.fromkeys(submitted) if run in known]
    return newest + [run for run in known if run not in newest]


def _dataset_choice(sender: Sender, person: PersonFolder) -> Any:
    versions = [f"Version {d.number}" for d in reversed(person.datasets())]
    if not sender.differs("datasets", (person.slug, versions)):
        return g.unchanged()
    return g.changed(choices=versions, value=versions[0] if versions else None)
