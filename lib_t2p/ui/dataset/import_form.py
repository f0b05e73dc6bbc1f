"""Bringing photos in; they are looked at right afterwards."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p import actions
from lib_t2p.actions import grids as grid_actions
from lib_t2p.actions import photos as photo_actions
from lib_t2p.errors import InputError, JobError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import (
    button,
    file_field,
    main_button,
    on_press,
    panel,
    text_field,
)
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.markup import message
from lib_t2p.workspace import PersonFolder, taken


def import_form(context: TabContext) -> None:
    """Build the form."""
    panel("t2p_photos_title", "<h3>1. Photos</h3>")
    files = file_field("Photos", "t2p_photos_upload", many=True, height=150)
    folder = text_field(
        "Folder with photos",
        "t2p_photos_folder",
        placeholder="or a folder, a zip or a video on this computer",
    )
    with gr.Row():
        start = main_button("Import photos", "t2p_photos_import")
        look = button("Look at photos", "t2p_photos_look", size="lg")
    said = panel("t2p_photos_message")

    def begin(name: str | None, uploaded: Any, typed: str | None) -> tuple[Any, ...]:
        person, _ = context.open_person(name)
        uploads = g.uploaded_paths(uploaded)
        folders = [actions.allowed_path(context.host, typed)] if typed and typed.strip() else []
        if not uploads and not folders:
            raise InputError("No photos given: drop some in the box or type a folder.")
        workspace = context.host.workspace
        kept = (g.upload_cache(), g.upload_copies(uploaded))
        with context.submitting, taken(workspace, uploads, *kept) as photos:
            job = grid_actions.submit_photos(workspace, person.slug, [*photos, *folders])
            inspect_again(context, person, [job.id])
        done = message("Importing. Photos that cannot be read will be named.", "good")
        return done, g.changed(value=None), ""

    def inspect(name: str | None) -> tuple[Any, ...]:
        person, _ = context.open_person(name)
        with context.submitting:
            imports = context.active(person, ("dataset.import",))
            photo_actions.submit_inspection(
                context.host.workspace, person.slug, needs=[j.id for j in imports]
            )
        return (message("Looking for faces, people and quality.", "good"),)

    on_press(start, begin, [context.picker, files, folder], [said, files, folder])
    on_press(look, inspect, [context.picker], [said])


def inspect_again(context: TabContext, person: PersonFolder, needs: list[str]) -> None:
    """Look at the photos once more, unless that is waiting already."""
    try:
        photo_actions.submit_inspection(context.host.workspace, person.slug, needs=needs)
    except JobError:
        return  # One that waits will see what was changed meanwhile.
