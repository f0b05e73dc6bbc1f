"""A photo with the frame of its crop, to be dragged."""

from __future__ import annotations

from html import escape

from lib_t2p import dataset
from lib_t2p.ui.dataset.pictures import preview_url
from lib_t2p.ui.markup import badge, empty_state
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
