"""The side Versions: what a build made of the photos, and what differs between two of them."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p.actions import photos as photo_actions
from lib_t2p.ranges import whole_number
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import says_errors
from lib_t2p.ui.dataset.sides import Sides
from lib_t2p.ui.dataset.version_view import dataset_panel, difference_panel
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.workspace import PersonFolder


def versions_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _VersionsTab(sides)
    with gr.Row(elem_classes=["t2p-tools"]):
        version = _versions("Dataset shown", "t2p_dataset_version")
        other = _versions("Compare with", "t2p_dataset_other")
        compare = gr.Button("Compare versions", elem_id="t2p_dataset_compare")
        again = gr.Button("Draw again", elem_id="t2p_dataset_again")
    said = g.private(gr.HTML("", elem_id="t2p_dataset_difference"))
    photos = g.private(gr.HTML("", elem_id="t2p_dataset_photos"))
    picker = sides.context.picker
    part = live_part("versions", tab.refresh, [picker, version], [photos, version, other])
    part.also_on(picker.change, version.change)
    g.bind(compare.click, says_errors(1)(tab.compare), [picker, other, version], [said])
    g.bind(again.click, says_errors(1)(tab.again), [picker, version], [said])
    return part


def _versions(label: str, elem_id: str) -> Any:
    return g.private(gr.Dropdown(choices=[], label=label, elem_id=elem_id, interactive=True))


class _VersionsTab:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def refresh(self, sender: Sender, name: str | None, version: str | None) -> list[Any]:
        """Updates for the photos and the two lists of versions."""
        found = self.sides.context.person(name)
        if found is None:
            return [sender.html("photos", ""), g.unchanged(), g.unchanged()]
        person, _ = found
        labels = [f"Version {d.number}" for d in reversed(person.datasets())]
        is_new = sender.differs("versions", (person.slug, labels))
        shown = labels[0] if labels and (is_new or version not in labels) else version
        if not labels:
            nothing = empty_state(text.NO_DATASET_TITLE, text.NO_DATASET)
            return [sender.html("photos", nothing), g.unchanged(), g.unchanged()]
        lists = [g.unchanged(), g.unchanged()]
        if is_new:
            before = labels[1] if len(labels) > 1 else labels[0]
            lists = [g.changed(choices=labels, value=v) for v in (shown, before)]
        return [sender.html("photos", self._panel(person, str(shown))), *lists]

    def compare(self, name: str | None, first: str | None, second: str | None) -> tuple[Any, ...]:
        """Show what differs."""
        person, _ = self.sides.context.open_person(name)
        found = photo_actions.compare_versions(
            person.workspace, person.slug, _number(first), _number(second)
        )
        return (difference_panel(found),)

    def again(self, name: str | None, version: str | None) -> tuple[Any, ...]:
        """Draw the shown version once more, as its manifest records it."""
        person, _ = self.sides.context.open_person(name)
        with self.sides.context.submitting:
            photo_actions.submit_rebuild(person.workspace, person.slug, _number(version))
        return (message("Drawing the same version again, whatever was decided since.", "good"),)

    def _panel(self, person: PersonFolder, version: str) -> str:
        return dataset_panel(person.workspace, person, person.dataset(_number(version)))


def _number(label: str | None) -> int:
    words = (label or "").split()
    return (whole_number(words[-1]) if words else None) or 0
