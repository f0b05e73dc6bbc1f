"""The form that makes a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import gradio as gr

from lib_t2p import actions
from lib_t2p.actions import photos as photo_actions
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import (
    choice_field,
    main_button,
    on_press,
    panel,
    text_field,
    tick_field,
)
from lib_t2p.ui.context import people_choices
from lib_t2p.ui.markup import message
from lib_t2p.workspace import CLASS_WORDS, load_person

IN_FILES = "Everybody who has a LoRA can read the note in it, unless it is kept out below."
CONSENT = "I may use this person's likeness: it is me, or the person agreed."


def new_person_form(
    host: actions.Host, picker: gr.Dropdown, now: Callable[[], datetime] = datetime.now
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
        create = main_button("Create person", "t2p_new_create")
        said = panel("t2p_new_message")

    def make(
        name: str, trigger: str, word: str | None, tick: bool, note: str, in_files: bool
    ) -> tuple[Any, ...]:
        consent = (note.strip() or CONSENT) if tick else ""
        folder = photo_actions.new_person(
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
    on_press(create, make, fields, [said, picker, name, trigger, tick, note])


def _fields() -> list[Any]:
    name = text_field("Name", "t2p_new_name", placeholder="Eileen Collins")
    with gr.Row():
        trigger = text_field(
            "Trigger token",
            "t2p_new_trigger",
            placeholder="ohwx",
            info="One rare word that stands for this person in prompts.",
        )
        word = choice_field(
            "Class word",
            "t2p_new_class",
            CLASS_WORDS,
            value=CLASS_WORDS[0],
            info="What the person is; type another word if none fits.",
            allow_custom_value=True,
        )
    tick = tick_field(CONSENT, "t2p_new_consent")
    note = text_field(
        "Consent note",
        "t2p_new_consent_note",
        placeholder="Who agreed, when and for what (optional, kept with the person)",
        info=IN_FILES,
    )
    in_files = tick_field("Write the note into each LoRA", "t2p_new_consent_in_files", value=True)
    return [name, trigger, word, tick, note, in_files]
