"""Making a picture of too few pixels larger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lib_t2p.dataset.crop_planning import PlannedCrop
from lib_t2p.dataset.cropping import draw_crop
from lib_t2p.vision import Picture
from lib_t2p.vision.photo_files import OpenedPhoto


@dataclass(frozen=True)
class Enlarged:
    """A drawn crop.

    Attributes:
        picture: RGB uint8, in the planned size.
        upscaler: of the WebUI that enlarged it; empty when Lanczos did.
    """

    picture: Picture
    upscaler: str = ""


Enlarger = Callable[[OpenedPhoto, PlannedCrop], Enlarged]
"""Draws a planned crop in its size."""


def with_lanczos(opened: OpenedPhoto, planned: PlannedCrop) -> Enlarged:
    """Draw the crop in one step."""
    return Enlarged(draw_crop(opened.picture, opened.scale, planned.crop, planned.size))
