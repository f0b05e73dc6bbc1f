"""The side Crop: one photo's crop, by dragging or by numbers."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_t2p import dataset
from lib_t2p.actions import photos
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import act_channel, real_number, says_errors
from lib_t2p.ui.dataset.crop_view import CHANNEL, crop_panel
from lib_t2p.ui.dataset.sides import Sides
from lib_t2p.ui.markup import empty_state, message
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.workspace import PersonFolder

EDGES = ("Left", "Top", "Right", "Bottom")


def crop_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _CropTab(sides)
    photo = g.private(gr.Textbox("", label="Photo to crop", elem_id="t2p_crop_photo", max_lines=1))
    said = g.private(gr.HTML("", elem_id="t2p_crop_said"))
    panel = g.private(gr.HTML("", elem_id="t2p_crop_panel"))
    with gr.Row():
        edges = [
            g.private(
                gr.Number(
                    None, label=f"{edge} (px)", elem_id=f"t2p_crop_{edge.lower()}", min_width=110
                )
            )
            for edge in EDGES
        ]
    with gr.Row(elem_classes=["t2p-tools"]):
        use = gr.Button("Use these numbers", elem_id="t2p_crop_use")
        automatic = gr.Button("Automatic crop", elem_id="t2p_crop_automatic")
    picker = sides.context.picker
    inputs = [picker, photo, *sides.options.inputs]
    part = live_part("crop", tab.refresh, inputs, [panel, *edges])
    part.also_on(photo.change, picker.change)
    acts = (
        act_channel(CHANNEL, says_errors(2)(tab.act), [picker], [said, photo]),
        g.bind(use.click, says_errors(1)(tab.use), [picker, photo, *edges], [said]),
        g.bind(automatic.click, says_errors(1)(tab.automatic), [picker, photo], [said]),
    )
    for acted in acts:
        g.bind(acted.then, part.handler, part.inputs, part.outputs, quiet=True)
    return part


class _CropTab:
    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def refresh(
        self, sender: Sender, name: str | None, photo: str | None, *values: Any
    ) -> list[Any]:
        """Updates of the panel and of the four numbers."""
        found = self.sides.context.person(name)
        one = self._photo(found[0], photo, values) if found and photo else None
        if found is None or one is None:
            nothing = empty_state(text.NO_CROP_TITLE, text.NO_CROP)
            return [sender.html("crop", nothing), *[g.unchanged()] * len(EDGES)]
        box = one.crops[0].crop.box if one.crops else None
        numbers = (box.left, box.top, box.right, box.bottom) if box else (None,) * len(EDGES)
        shown = sender.html("crop", crop_panel(found[0], one))
        if not sender.differs("numbers", (one.photo.photo, numbers)):
            return [shown, *[g.unchanged()] * len(EDGES)]
        return [shown, *(g.changed(value=None if n is None else round(n, 1)) for n in numbers)]

    def act(self, act: str, name: str | None) -> tuple[Any, ...]:
        """`open PHOTO` from the gallery, or `box LEFT,TOP,RIGHT,BOTTOM PHOTO` from the frame."""
        verb, _, rest = (act or "").partition(" ")
        if verb == "open":
            return message(f"{rest}: drag the frame, or its corner.", "info"), rest
        if verb != "box":
            raise InputError(f"{act!r} is nothing that can be done here: reload the page.")
        numbers, _, photo = rest.partition(" ")
        self._save(name, photo, [real_number(part, "Crop") for part in numbers.split(",")])
        return message(f"The crop of {photo} is kept for every build.", "good"), g.unchanged()

    def use(self, name: str | None, photo: str | None, *edges: Any) -> tuple[Any, ...]:
        """Take the four numbers."""
        sides = zip(edges, EDGES, strict=True)
        self._save(name, photo, [real_number(value, edge) for value, edge in sides])
        return (message(f"The crop of {photo} is kept for every build.", "good"),)

    def automatic(self, name: str | None, photo: str | None) -> tuple[Any, ...]:
        """Leave it to the plan again."""
        person, _ = self.sides.context.open_person(name)
        photos.adjust_crop(person.workspace, person.slug, _named(photo), None)
        return (message(f"The crop of {photo} is planned again.", "good"),)

    def _save(self, name: str | None, photo: str | None, numbers: list[float]) -> None:
        person, _ = self.sides.context.open_person(name)
        if len(numbers) != len(EDGES):
            raise InputError("A crop needs four numbers: left, top, right, bottom.")
        left, top, right, bottom = numbers
        box: dataset.Rectangle = (left, top, right, bottom)
        photos.adjust_crop(person.workspace, person.slug, _named(photo), box)

    def _photo(
        self, person: PersonFolder, photo: str, values: tuple[Any, ...]
    ) -> dataset.PhotoOutlook | None:
        state = self.sides.states.state(person, self.sides.options.read(values))
        return next((one for one in state.photos if one.photo.photo == photo), None)


def _named(photo: str | None) -> str:
    if not photo:
        raise InputError("No photo is chosen: press Crop on one in Photos.")
    return photo
