"""The side Crop: one photo's crop, by dragging its frame or by numbers."""

from __future__ import annotations

from html import escape
from typing import Any

import gradio as gr

from lib_t2p import dataset
from lib_t2p.actions import photos
from lib_t2p.errors import InputError
from lib_t2p.ui import gradio_versions as g
from lib_t2p.ui import text
from lib_t2p.ui.components import (
    act_channel,
    button,
    number_field,
    on_press,
    panel,
    real_number,
    text_field,
    tools,
)
from lib_t2p.ui.dataset.photo_states import Sides
from lib_t2p.ui.markup import badge, empty_state, message
from lib_t2p.ui.refresh import LivePart, Sender, live_part
from lib_t2p.ui.thumbs import preview_url
from lib_t2p.workspace import PersonFolder

CHANNEL = "crop_act"


def crop_panel(person: PersonFolder, one: dataset.PhotoOutlook) -> str:
    """The photo, the frame, and what the trainer will get.

    The page's script moves the frame and sends `box PHOTO LEFT,TOP,RIGHT,BOTTOM`, in pixels of the
    photo, when it is let go.
    """
    if not one.crops:
        return empty_state(f"{one.photo.photo} is not used", one.reason)
    planned = one.crops[0]
    photo, url = one.photo, preview_url(person, one.photo.photo)
    if not url:
        return empty_state(f"{photo.photo} has no preview", "Set the crop by the numbers below.")
    box = planned.crop.box
    place = (
        f"left:{100 * box.left / photo.width:.3f}%;top:{100 * box.top / photo.height:.3f}%;"
        f"width:{100 * box.width / photo.width:.3f}%;height:{100 * box.height / photo.height:.3f}%"
    )
    data = (
        f'data-t2p-crop="{CHANNEL}" data-photo="{escape(photo.photo)}" data-width="{photo.width}" '
        f'data-height="{photo.height}" data-aspect="{planned.crop.aspect:.6f}"'
    )
    return (
        f'<p class="t2p-facts">{escape(_words(one, planned))} {_state(planned)}</p>'
        f'<div class="t2p-crop" {data}><img src="{escape(url)}" alt="{escape(photo.photo)}" '
        f'draggable="false"><div class="t2p-crop-box" tabindex="0" role="slider" '
        f'aria-label="Frame of the crop: arrow keys move it, plus and minus size it" '
        f'aria-valuenow="{box.width:.0f}" style="{place}"><i></i></div></div>'
    )


def _words(one: dataset.PhotoOutlook, planned: dataset.PlannedCrop) -> str:
    width, height = planned.size
    box = planned.crop.box
    return (
        f"{one.photo.photo}, {one.photo.width} x {one.photo.height} px: "
        f"{box.width:.0f} x {box.height:.0f} px of it become {width} x {height} px "
        f"({planned.enlarging:.2f} times)."
    )


def _state(planned: dataset.PlannedCrop) -> str:
    return badge("by hand", "info") if planned.by_hand else badge("automatic", "plain")


EDGES = ("Left", "Top", "Right", "Bottom")


def crop_tab(sides: Sides) -> LivePart:
    """Build the side."""
    tab = _CropTab(sides)
    photo = text_field("Photo to crop", "t2p_crop_photo")
    said = panel("t2p_crop_said")
    shown = panel("t2p_crop_panel")
    with gr.Row():
        edges = [
            number_field(
                f"{edge} (px)", f"t2p_crop_{edge.lower()}", None, precision=None, min_width=110
            )
            for edge in EDGES
        ]
    with tools():
        use = button("Use these numbers", "t2p_crop_use")
        automatic = button("Automatic crop", "t2p_crop_automatic")
    picker = sides.context.picker
    inputs = [picker, photo, *sides.options.inputs]
    part = live_part("crop", tab.refresh, inputs, [shown, *edges])
    part.also_on(photo.change, picker.change)
    acts = (
        act_channel(CHANNEL, tab.act, [picker], [said, photo]),
        on_press(use, tab.use, [picker, photo, *edges], [said]),
        on_press(automatic, tab.automatic, [picker, photo], [said]),
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
