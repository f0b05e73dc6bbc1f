"""The Train tab: start a run, watch it, stop it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p.actions.queue import stop_job
from lib_t2p.errors import InputError
from lib_t2p.jobs.job import ACTIVE, Job
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.job_view import job_table
from lib_t2p.ui.live import Activity
from lib_t2p.ui.markup import empty_state, message, section
from lib_t2p.ui.panels import Sender, says_errors
from lib_t2p.ui.refreshing import LivePart, live_part
from lib_t2p.ui.train_form import train_form
from lib_t2p.ui.train_view import curves_panel, models_panel, run_panel, samples_panel
from lib_t2p.workspace import PersonFolder

KINDS = ("train.run",)


def train_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    with gr.Row(elem_classes=["t2p-columns"]):
        with gr.Column(scale=1, min_width=300):
            form = train_form(context)
        with gr.Column(scale=2, min_width=320, elem_id="t2p_train_side"):
            live = g.private(gr.HTML("", elem_id="t2p_train_live"))
            with gr.Row(elem_classes=["t2p-tools"]):
                shown = g.private(
                    gr.Dropdown(
                        choices=[],
                        label="Run shown",
                        elem_id="t2p_train_run",
                        interactive=True,
                        visible=False,
                    )
                )
                stop = g.private(
                    gr.Button(
                        "Stop training", variant="stop", elem_id="t2p_train_stop", visible=False
                    )
                )
            stopped = g.private(gr.HTML("", elem_id="t2p_train_stop_message"))
            panels = [
                g.private(gr.HTML("", elem_id=f"t2p_train_{name}"))
                for name in ("curves", "samples", "models", "jobs")
            ]
    view = _TrainView(context)
    g.bind(stop.click, says_errors(1)(view.stop), [context.picker, shown], [stopped])
    part = live_part(
        "train",
        view.refresh,
        [context.picker, shown],
        [live, shown, stop, form.dataset, *panels],
    )
    part.also_on(context.picker.change, shown.change)
    return part


class _TrainView:
    """What the right side shows, and the list of dataset versions on the left."""

    def __init__(self, context: TabContext) -> None:
        self.context = context

    def stop(self, name: str | None, shown: str | None) -> tuple[Any, ...]:
        """Stop the run that is shown."""
        person, _ = self.context.open_person(name)
        job = self._job(person, shown)
        if job is None:
            raise InputError("There is no run to stop: start one first.")
        stop_job(self.context.host.workspace, job.id)
        return (message("Asked to stop. Models saved so far are kept.", "info"),)

    def refresh(self, sender: Sender, name: str | None, shown: str | None) -> list[Any]:
        """Updates for the panels and the lists."""
        found = self.context.person(name)
        if found is None:
            return self._nobody(sender)
        person, _ = found
        watch = self.context.watch
        jobs = watch.jobs(person.slug, KINDS)
        runs = _by_age(person, jobs)
        is_new = sender.differs("runs", (person.slug, runs))
        chosen = self._chosen(person, runs, shown, is_new)
        job = self._job(person, chosen)
        activity = watch.activity(job) if job else Activity()
        stoppable = job is not None and job.state in ACTIVE
        return [
            sender.html("live", self._head(person, chosen, job, activity)),
            g.changed(choices=runs, value=chosen, visible=bool(runs)) if is_new else g.unchanged(),
            sender.send("stop", stoppable, visible=stoppable),
            _dataset_choice(sender, person),
            sender.html("curves", curves_panel(activity)),
            sender.html("samples", samples_panel(person.run(chosen), activity) if chosen else ""),
            sender.html("models", models_panel(person.run(chosen)) if chosen else ""),
            sender.html("jobs", section("Trainings", job_table(jobs, watch.clock()))),
        ]

    def _nobody(self, sender: Sender) -> list[Any]:
        nobody = empty_state(text.NO_RUN_TITLE, text.NO_PERSON)
        return [
            sender.html("live", nobody),
            sender.send("runs", None, choices=[], value=None, visible=False),
            sender.send("stop", False, visible=False),
            sender.send("datasets", None, choices=[], value=None),
            *[sender.html(panel, "") for panel in ("curves", "samples", "models", "jobs")],
        ]

    def _chosen(
        self, person: PersonFolder, runs: list[str], shown: str | None, is_new: bool
    ) -> str | None:
        if shown in runs and not is_new:
            return shown
        current = self.context.watch.current(person.slug, KINDS)
        wanted = str(current.params.get("run")) if current else ""
        return wanted if wanted in runs else next(iter(runs), None)

    def _job(self, person: PersonFolder, run: str | None) -> Job | None:
        jobs = self.context.watch.jobs(person.slug, KINDS)
        return next((job for job in jobs if job.params.get("run") == run), None)

    def _head(
        self, person: PersonFolder, run: str | None, job: Job | None, activity: Activity
    ) -> str:
        if run:
            return run_panel(person.run(run), job, activity, self.context.watch.clock())
        needs = text.NO_RUN if person.datasets() else text.RUN_NEEDS_DATASET
        return empty_state(text.NO_RUN_TITLE, needs)


def _by_age(person: PersonFolder, jobs: list[Job]) -> list[str]:
    submitted = [str(job.params.get("run")) for job in jobs]
    known = [run.id for run in person.runs()]
    newest = [run for run in dict.fromkeys(submitted) if run in known]
    return newest + [run for run in known if run not in newest]


def _dataset_choice(sender: Sender, person: PersonFolder) -> Any:
    versions = [f"Version {d.number}" for d in reversed(person.datasets())]
    if not sender.differs("datasets", (person.slug, versions)):
        return g.unchanged()
    return g.changed(choices=versions, value=versions[0] if versions else None)
