"""A person: the form that makes one, and the side with consent and deleting everything of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p import actions
from lib_t2p.actions import photos as photo_actions
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import (
    button,
    choice_field,
    main_button,
    on_press,
    panel,
    text_field,
    tick_field,
)
from lib_t2p.ui.context import people_choices
from lib_t2p.ui.dataset.photo_states import Sides
from lib_t2p.ui.markup import message, section, table
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.workspace import CLASS_WORDS, Person, load_person

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


def person_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _PersonTab(sides)
    shown = panel("t2p_person_panel")
    show = button("List everything of this person", "t2p_person_list", size="lg")
    listed = panel("t2p_person_listed")
    loras = g.private(
        gr.CheckboxGroup(
            [], label="LoRAs to delete as well", elem_id="t2p_person_loras", visible=False
        )
    )
    typed = text_field("Type the name to delete this person", "t2p_person_typed")
    delete = button("Delete this person", "t2p_person_delete", "stop", size="lg")
    said = panel("t2p_person_said")
    picker = sides.context.picker
    part = live_part("person", tab.refresh, [picker], [shown])
    part.also_on(picker.change)
    on_press(show, tab.show, [picker], [listed, loras])
    on_press(delete, tab.delete, [picker, typed, loras], [said, picker, typed, listed, loras])
    return part


class _PersonTab:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def refresh(self, sender: Sender, name: str | None) -> list[Any]:
        """The update of the panel."""
        found = self.sides.context.person(name)
        return [sender.html("person", _facts(found[1]) if found else "")]

    def show(self, name: str | None) -> tuple[Any, ...]:
        """List everything of the person, with a tick for each LoRA."""
        host = self.sides.context.host
        person, _ = self.sides.context.open_person(name)
        found = photo_actions.belongings(host.workspace, person.slug, host.loras_root)
        loras = [str(one.path) for one in found if one.optional]
        ticks = g.changed(choices=loras, value=[], visible=bool(loras))
        return _listed(found), ticks

    def delete(
        self, name: str | None, typed: str | None, loras: list[str] | None
    ) -> tuple[Any, ...]:
        """Remove the person once their name was typed."""
        host = self.sides.context.host
        person, who = self.sides.context.open_person(name)
        if (typed or "").strip() != who.name:
            raise InputError(f"Type {who.name!r} to delete this person; this can't be undone.")
        paths = [Path(path) for path in loras or []]
        faults = photo_actions.delete_person(
            host.workspace, person.slug, loras=paths, lora_root=host.loras_root
        )
        names, chosen = people_choices(host)
        done = f"{who.name} was deleted. Photos that were linked stay where they came from."
        if faults:
            done = f"Not all of {who.name} could be removed: close what is open, delete once more."
        told = message("\n".join([done, *(f"- {f}" for f in faults)]), "warn" if faults else "good")
        hidden = g.changed(choices=[], value=[], visible=False)
        return told, g.changed(choices=names, value=chosen), "", "", hidden


def _facts(who: Person) -> str:
    rows = [
        ["Name", escape(who.name)],
        ["Trigger and class", escape(who.caption)],
        ["Consent", escape(who.consent)],
        ["Consent in LoRAs", "yes" if who.consent_in_files else "no"],
        ["Made", escape(who.created[:16].replace("T", " "))],
    ]
    return section("This person", table(["What", ""], rows))


def _listed(found: list[photo_actions.Belonging]) -> str:
    rows = [
        [
            escape(photo_actions.WORDS[one.kind]),
            escape(str(one.path)),
            escape(run_actions.megabytes(one.size)),
        ]
        for one in found
    ]
    size = run_actions.megabytes(photo_actions.total(found))
    note = f"{size}; originals that were linked stay where they are"
    return section("Everything of this person", table(["What", "Where", "Size"], rows), note)
