"""The Dataset tab: forms on the left, the sides of the work on the right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p import jobs
from lib_t2p.ui import text
from lib_t2p.ui.components import panel
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.dataset.build_form import build_form
from lib_t2p.ui.dataset.captions_tab import captions_tab
from lib_t2p.ui.dataset.class_tab import class_tab
from lib_t2p.ui.dataset.crop_tab import crop_tab
from lib_t2p.ui.dataset.gallery_tab import gallery_tab
from lib_t2p.ui.dataset.import_form import import_form
from lib_t2p.ui.dataset.people_tab import people_tab
from lib_t2p.ui.dataset.person_tab import new_person_form, person_tab
from lib_t2p.ui.dataset.photo_states import PhotoStates, Sides, side
from lib_t2p.ui.dataset.versions_tab import versions_tab
from lib_t2p.ui.job_activity import job_panel
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.refresh import LivePart, Sender, live_part

KINDS = (
    "dataset.import",
    "dataset.inspect",
    "dataset.build",
    "dataset.rebuild",
    "dataset.caption",
    "dataset.class_photos",
    "reg.plan",
    "reg.cells",
)


def dataset_tab(context: TabContext) -> LivePart:
    """Build the tab; gives the part that shows the job at work."""
    with gr.Row(elem_classes=["t2p-columns"]):
        with gr.Column(scale=1, min_width=300):
            new_person_form(context.host, context.picker)
            import_form(context)
            options = build_form(context)
        with gr.Column(scale=2, min_width=320, elem_id="t2p_dataset_side"):
            live = panel("t2p_dataset_live")
            sides = Sides(context, options, PhotoStates())
            with gr.Tabs(elem_id="t2p_dataset_tabs"):
                with side("Photos", "photos"):
                    gallery_tab(sides)
                with side("People", "people"):
                    people_tab(sides)
                with side("Crop", "crop"):
                    crop_tab(sides)
                with side("Captions", "captions"):
                    captions_tab(sides)
                with side("Class images", "class"):
                    class_tab(sides)
                with side("Versions", "versions"):
                    versions_tab(sides)
                with side("This person", "person"):
                    person_tab(sides)
    part = live_part("dataset", _Job(context).refresh, [context.picker], [live])
    part.also_on(context.picker.change)
    return part


class _Job:
    """What is at work for the person."""

    def __init__(self, context: TabContext) -> None:
        self.context = context

    def refresh(self, sender: Sender, name: str | None) -> list[Any]:
        """The update of the job panel."""
        found = self.context.person(name)
        if found is None:
            return [sender.html("live", empty_state(text.NO_PEOPLE_TITLE, text.NO_PEOPLE))]
        watch = self.context.watch
        job = watch.current(found[0].slug, KINDS)
        if job is None:
            return [sender.html("live", "")]
        panel = job_panel(job, watch.activity(job), watch.clock())
        failed = job.result.get("failed", []) if job.result and job.state not in jobs.ACTIVE else []
        lines = [f"- {Path(str(photo)).name}: {reason}" for photo, reason in failed]
        if lines:
            unread = [f"{text.counted(len(lines), 'file')} not imported", *lines]
            panel += message("\n".join(unread), "warn")
        captions = (job.result or {}).get("captions") or 0
        if captions:
            beside = f"{text.counted(captions, 'caption')} beside the photos taken: see Captions."
            panel += message(beside, "good")
        return [sender.html("live", panel)]
