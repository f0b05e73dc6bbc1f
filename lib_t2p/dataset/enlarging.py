"""Making a picture of too few pixels larger."""

from __future__ import annotations

from collections.abc import Callable

from lib_t2p.dataset.crop_planning import PlannedCrop
from lib_t2p.dataset.cropping import draw_crop
from lib_t2p.vision.images import OpenedPhoto
from lib_t2p.vision.results import Picture

Enlarger = Callable[[OpenedPhoto, PlannedCrop], Picture]
"""Draws a planned crop in its size, RGB uint8."""


def with_lanczos(opened: OpenedPhoto, planned: PlannedCrop) -> Picture:
    """Draw the crop in one step."""
    return draw_crop(opened.picture, opened.scale, planned.crop, planned.size)
