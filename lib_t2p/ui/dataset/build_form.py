"""Building the next version."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p import actions, jobs
from lib_t2p.actions import grids as grid_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import says_errors
from lib_t2p.ui.context import TabContext
from lib_t2p.ui.dataset.build_fields import OptionFields, option_fields
from lib_t2p.ui.markup import message
from lib_t2p.workspace import PersonFolder

BEFORE = ("dataset.import", "dataset.inspect", "dataset.caption", "dataset.class_photos")
"""Jobs that a build waits for."""


def build_form(context: TabContext) -> OptionFields:
    """Build the form; gives its fields, which the gallery reads too."""
    gr.HTML("<h3>2. Dataset</h3>", elem_id="t2p_build_title")
    host = context.host
    options = option_fields(host.upscalers() if isinstance(host, actions.HelpingHost) else ())
    start = gr.Button("Build dataset", variant="primary", elem_id="t2p_build_start")
    said = g.private(gr.HTML("", elem_id="t2p_build_message"))

    def begin(name: str | None, *values: Any) -> tuple[Any, ...]:
        person, _ = context.open_person(name)
        chosen = options.read(values)
        with context.submitting:
            before = context.active(person, BEFORE)
            _need_photos(person, before)
            grid_actions.submit_dataset(
                context.host.workspace, person.slug, chosen, needs=[j.id for j in before]
            )
        return (message("Building: the version will appear under Versions.", "good"),)

    g.bind(start.click, says_errors(1)(begin), [context.picker, *options.inputs], [said])
    return options


def _need_photos(person: PersonFolder, before: list[jobs.Job]) -> None:
    has_photos = person.photos.is_dir() and any(person.photos.iterdir())
    if not has_photos and not before:
        raise InputError(f"{person.slug} has no photos yet: import some first.")
