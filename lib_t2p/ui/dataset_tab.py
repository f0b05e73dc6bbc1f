"""The Dataset tab: a person, their photos, and what becomes of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p.actions.submit import submit_dataset, submit_photos
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import InputError
from lib_t2p.jobs.job import ACTIVE, Job
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.dataset_view import dataset_panel, photos_panel
from lib_t2p.ui.host import allowed_path
from lib_t2p.ui.job_view import job_panel
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.new_person import new_person_form
from lib_t2p.ui.numbers import whole_number
from lib_t2p.ui.panels import Sender, says_errors
from lib_t2p.ui.refreshing import LivePart, live_part
from lib_t2p.workspace import PersonFolder

KINDS = ("dataset.import", "dataset.build")
FRAMINGS = {"Head and shoulders": "bust", "Face only": "face", "Whole photo": "whole"}


def dataset_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that refreshes itself."""
    with gr.Row(elem_classes=["t2p-columns"]):
        with gr.Column(scale=1, min_width=300):
            new_person_form(context.host, context.picker)
            _photo_form(context)
            _build_form(context)
        with gr.Column(scale=2, min_width=320, elem_id="t2p_dataset_side"):
            live = g.private(gr.HTML("", elem_id="t2p_dataset_live"))
            version = g.private(
                gr.Dropdown(
                    choices=[],
                    label="Dataset shown",
                    elem_id="t2p_dataset_version",
                    interactive=True,
                    visible=False,
                )
            )
            photos = g.private(gr.HTML("", elem_id="t2p_dataset_photos"))
    view = _DatasetView(context)
    part = live_part("dataset", view.refresh, [context.picker, version], [live, version, photos])
    part.also_on(context.picker.change, version.change)
    return part


def _photo_form(context: TabContext) -> None:
    gr.HTML("<h3>1. Photos</h3>", elem_id="t2p_photos_title")
    files = g.private(g.photo_upload("Photos", "t2p_photos_upload"))
    folder = g.private(
        gr.Textbox(
            label="Folder with photos",
            elem_id="t2p_photos_folder",
            placeholder="or a folder on this computer",
            max_lines=1,
        )
    )
    start = gr.Button("Import photos", variant="primary", elem_id="t2p_photos_import")
    said = g.private(gr.HTML("", elem_id="t2p_photos_message"))

    def begin(name: str | None, uploaded: Any, typed: str | None) -> tuple[Any, ...]:
        person, _ = context.open_person(name)
        sources = g.uploaded_paths(uploaded)
        if typed and typed.strip():
            sources.append(allowed_path(context.host, typed))
        if not sources:
            raise InputError("No photos given: drop some in the box or type a folder.")
        with context.submitting:
            submit_photos(context.host.workspace, person.slug, sources)
        done = message("Importing. Photos that cannot be read will be named.", "good")
        return done, g.changed(value=None), ""

    g.bind(
        start.click, says_errors(3)(begin), [context.picker, files, folder], [said, files, folder]
    )


def _build_form(context: TabContext) -> None:
    defaults = DatasetOptions()
    words = {value: label for label, value in FRAMINGS.items()}
    gr.HTML("<h3>2. Dataset</h3>", elem_id="t2p_build_title")
    framing = gr.Radio(
        choices=list(FRAMINGS),
        value=words[defaults.framing],
        label="Framing",
        elem_id="t2p_build_framing",
    )
    with gr.Row():
        size = gr.Number(
            value=defaults.resolution,
            precision=0,
            label="Size of the crops (px)",
            elem_id="t2p_build_resolution",
            min_width=120,
        )
        repeats = gr.Number(
            value=defaults.repeats,
            precision=0,
            label="Repeats of each photo",
            elem_id="t2p_build_repeats",
            min_width=120,
        )
    start = gr.Button("Build dataset", variant="primary", elem_id="t2p_build_start")
    said = g.private(gr.HTML("", elem_id="t2p_build_message"))

    def begin(name: str | None, frame: str, resolution: Any, times: Any) -> tuple[Any, ...]:
        person, _ = context.open_person(name)
        options = DatasetOptions.from_mapping(
            {
                "framing": FRAMINGS.get(frame, frame),
                "resolution": whole_number(resolution, "Size of the crops"),
                "repeats": whole_number(times, "Repeats"),
            }
        )
        with context.submitting:
            imports = context.active(person, ("dataset.import",))
            _need_photos(person, imports)
            submit_dataset(
                context.host.workspace, person.slug, options, needs=[j.id for j in imports]
            )
        return (message("Building: faces, sharpness and duplicates are looked at.", "good"),)

    g.bind(start.click, says_errors(1)(begin), [context.picker, framing, size, repeats], [said])


def _need_photos(person: PersonFolder, imports: list[Job]) -> None:
    has_photos = person.photos.is_dir() and any(person.photos.iterdir())
    if not has_photos and not imports:
        raise InputError(f"{person.slug} has no photos yet: import some first.")


class _DatasetView:
    """What the right side shows."""

    def __init__(self, context: TabContext) -> None:
        self.context = context

    def refresh(self, sender: Sender, name: str | None, version: str | None) -> list[Any]:
        """Updates for the job panel, the list of versions and the photos."""
        found = self.context.person(name)
        if found is None:
            nobody = empty_state(text.NO_PEOPLE_TITLE, text.NO_PEOPLE)
            hidden = sender.send("versions", None, choices=[], value=None, visible=False)
            return [sender.html("live", nobody), hidden, sender.html("photos", "")]
        person, _ = found
        versions = {f"Version {d.number}": d for d in person.datasets()}
        labels = list(reversed(versions))
        is_new = sender.differs("versions", (person.slug, labels))
        shown = labels[0] if labels and (is_new or version not in versions) else version
        choice = (
            g.changed(choices=labels, value=shown if labels else None, visible=bool(labels))
            if is_new
            else g.unchanged()
        )
        return [
            sender.html("live", self._job(person)),
            choice,
            sender.html("photos", self._photos(person, shown if labels else None)),
        ]

    def _job(self, person: PersonFolder) -> str:
        watch = self.context.watch
        job = watch.current(person.slug, KINDS)
        if job is None:
            return ""
        panel = job_panel(job, watch.activity(job), watch.clock())
        failed = job.result.get("failed", []) if job.result and job.state not in ACTIVE else []
        lines = [f"- {Path(str(photo)).name}: {reason}" for photo, reason in failed]
        unread = "\n".join([f"{text.counted(len(lines), 'photo')} could not be read", *lines])
        return panel + (message(unread, "warn") if lines else "")

    def _photos(self, person: PersonFolder, version: str | None) -> str:
        workspace = self.context.host.workspace
        if version is None:
            return photos_panel(workspace, person)
        return dataset_panel(workspace, person, person.dataset(int(version.split()[-1])))
