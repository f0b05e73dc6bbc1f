"""The side This person: consent, and deleting everything of them."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p.actions import photos as photo_actions
from lib_t2p.actions import runs as run_actions
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui.components import says_errors
from lib_t2p.ui.context import people_choices
from lib_t2p.ui.dataset.sides import Sides
from lib_t2p.ui.markup import message, section, table
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.workspace import Person


def person_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _PersonTab(sides)
    panel = g.private(gr.HTML("", elem_id="t2p_person_panel"))
    show = gr.Button("List everything of this person", elem_id="t2p_person_list")
    listed = g.private(gr.HTML("", elem_id="t2p_person_listed"))
    loras = g.private(
        gr.CheckboxGroup(
            [], label="LoRAs to delete as well", elem_id="t2p_person_loras", visible=False
        )
    )
    typed = g.private(
        gr.Textbox(
            "",
            label="Type the name to delete this person",
            elem_id="t2p_person_typed",
            max_lines=1,
        )
    )
    delete = gr.Button("Delete this person", variant="stop", elem_id="t2p_person_delete")
    said = g.private(gr.HTML("", elem_id="t2p_person_said"))
    picker = sides.context.picker
    part = live_part("person", tab.refresh, [picker], [panel])
    part.also_on(picker.change)
    g.bind(show.click, says_errors(2)(tab.show), [picker], [listed, loras])
    g.bind(
        delete.click,
        says_errors(5)(tab.delete),
        [picker, typed, loras],
        [said, picker, typed, listed, loras],
    )
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
