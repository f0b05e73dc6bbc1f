"""The form that makes a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import gradio as gr

from lib_t2p.actions import Host
from lib_t2p.actions.photos import new_person
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import says_errors
from lib_t2p.ui.context import people_choices
from lib_t2p.ui.markup import message
from lib_t2p.workspace import CLASS_WORDS, load_person

IN_FILES = "Everybody who has a LoRA can read the note in it, unless it is kept out below."
CONSENT = "I may use this person's likeness: it is me, or the person agreed."


def new_person_form(
    host: Host, picker: gr.Dropdown, now: Callable[[], datetime] = datetime.now
) -> None:
    """Build the form; a person who was made is chosen at the top.

    Args:
        host: whose workspace gets the person.
        picker: the list of people.
        now: clock for the record.
    """
    nobody = not people_choices(host)[0]
    with gr.Accordion("New person", open=nobody, elem_id="t2p_new_person"):
        fields = _fields()
        create = gr.Button("Create person", variant="primary", elem_id="t2p_new_create")
        said = g.private(gr.HTML("", elem_id="t2p_new_message"))

    def make(
        name: str, trigger: str, word: str | None, tick: bool, note: str, in_files: bool
    ) -> tuple[Any, ...]:
        consent = (note.strip() or CONSENT) if tick else ""
        folder = new_person(
            host.workspace,
            name=name or "",
            trigger=trigger or "",
            class_word=word or "",
            consent=consent,
            now=now(),
            consent_in_files=in_files is not False,
        )
        made = load_person(folder).name
        done = message(f"{made} was created. Now add photos below.", "good")
        return done, g.changed(choices=people_choices(host)[0], value=made), "", "", False, ""

    name, trigger, _, tick, note, _ = fields
    g.bind(create.click, says_errors(6)(make), fields, [said, picker, name, trigger, tick, note])


def _fields() -> list[Any]:
    name = gr.Textbox(
        label="Name", elem_id="t2p_new_name", placeholder="Eileen Collins", max_lines=1
    )
    with gr.Row():
        trigger = gr.Textbox(
            label="Trigger token",
            elem_id="t2p_new_trigger",
            placeholder="ohwx",
            info="One rare word that stands for this person in prompts.",
            max_lines=1,
        )
        word = gr.Dropdown(
            choices=list(CLASS_WORDS),
            value=CLASS_WORDS[0],
            label="Class word",
            elem_id="t2p_new_class",
            info="What the person is; type another word if none fits.",
            allow_custom_value=True,
        )
    tick = gr.Checkbox(label=CONSENT, value=False, elem_id="t2p_new_consent")
    note = gr.Textbox(
        label="Consent note",
        elem_id="t2p_new_consent_note",
        placeholder="Who agreed, when and for what (optional, kept with the person)",
        info=IN_FILES,
        lines=1,
    )
    in_files = gr.Checkbox(
        label="Write the note into each LoRA", value=True, elem_id="t2p_new_consent_in_files"
    )
    return [g.private(part) for part in (name, trigger, word, tick, note, in_files)]
