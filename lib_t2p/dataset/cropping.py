"""Square crops around a face. All coordinates are pixels of the upright photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from lib_t2p.dataset.options import Framing
from lib_t2p.vision.boxes import intersection
from lib_t2p.vision.results import Box, Picture

HAIR = 0.6
"""Height of forehead and hair above the face box, as a share of the box's side."""
CHIN = 0.12
"""Chin and beard below the face box, likewise."""
HEAD_WIDTH = 1.5
"""Width of the head with hair, likewise."""
SIDES: dict[Framing, float] = {"face": 2.1, "bust": 3.3, "whole": 1e9}
"""Side of the crop in sides of the face box."""
HEAD_ROOM: dict[Framing, float] = {"face": 0.05, "bust": 0.08, "whole": 0.08}
"""Free room above the hair, as a share of the crop's side."""
TOLERATED = 0.15
"""Share of another face's box that may show at the crop's edge."""
NARROWING = 0.93
"""Step in which a crop is made smaller to keep others out."""


@dataclass(frozen=True)
class Crop:
    """A square, possibly reaching over the picture's edges.

    Attributes:
        left, top, side: pixels of the upright photo.
    """

    left: float
    top: float
    side: float

    @property
    def box(self) -> Box:
        """The same as a rectangle."""
        return Box(self.left, self.top, self.left + self.side, self.top + self.side)

    def is_padded(self, width: int, height: int) -> bool:
        """Whether it reaches over the edge of a picture of that size."""
        return (
            self.left < 0
            or self.top < 0
            or self.left + self.side > width
            or self.top + self.side > height
        )


def plan_crop(
    width: int, height: int, face: Box, others: Sequence[Box], framing: Framing
) -> Crop | None:
    """Choose the square for a face.

    The head (face box plus hair and chin by fixed shares of the box) is never cut when the picture
    shows it. The square stays inside the picture; it reaches over the edge only where the face
    itself would not fit otherwise. Other faces are kept out by moving the square aside, then by
    making it smaller, down to the head.

    Args:
        width, height: of the upright photo, pixels.
        face: the person's face box.
        others: face boxes to keep out.
        framing: how much to show.

    Returns:
        None when every square that shows the head shows another face too.
    """
    unit = max(face.width, face.height)
    head = _head(face, unit, width, height)
    least = max(head.width, head.height)
    side = min(SIDES[framing] * unit, float(min(width, height)))
    side = max(side, min(least, float(min(width, height))), 1.1 * unit)
    while True:
        for crop in _placements(side, face, head, framing, width, height):
            if all(_shown(other, crop) <= TOLERATED for other in others):
                return crop
        side *= NARROWING
        if side < least:
            return None


def draw_crop(picture: Picture, scale: float, crop: Crop, resolution: int) -> Picture:
    """Cut a crop out and scale it.

    Args:
        picture: the upright photo, RGB uint8, reduced by `scale`.
        scale: pixels of `picture` per pixel of the photo.
        crop: in pixels of the photo.
        resolution: side of the result.

    Returns:
        RGB uint8, `resolution` x `resolution` x 3. What lies outside the photo mirrors its edge.
    """
    height, width = picture.shape[:2]
    left, top, side = crop.left * scale, crop.top * scale, crop.side * scale
    before = (_over(-top), _over(-left))
    after = (_over(top + side - height), _over(left + side - width))
    if any(before + after):
        pads = ((before[0], after[0]), (before[1], after[1]), (0, 0))
        picture = np.pad(picture, pads, mode="symmetric")
    x, y = left + before[1], top + before[0]
    box = (x, y, min(x + side, picture.shape[1]), min(y + side, picture.shape[0]))
    image = Image.fromarray(picture)
    return np.array(image.resize((resolution, resolution), Image.Resampling.LANCZOS, box=box))


def _over(pixels: float) -> int:
    # A crop that only touches the edge may be off by a rounding error.
    return int(np.ceil(pixels - 1e-3)) if pixels > 1e-3 else 0


def _head(face: Box, unit: float, width: int, height: int) -> Box:
    middle = (face.left + face.right) / 2
    half = HEAD_WIDTH * unit / 2
    return Box(
        max(middle - half, 0.0),
        max(face.top - HAIR * unit, 0.0),
        min(middle + half, float(width)),
        min(face.bottom + CHIN * unit, float(height)),
    )


def _placements(
    side: float, face: Box, head: Box, framing: Framing, width: int, height: int
) -> list[Crop]:
    """The wanted place first, then places further and further to the sides."""
    middle = (face.left + face.right) / 2
    top = _inside(head.top - HEAD_ROOM[framing] * side, side, height)
    # Where the head is higher than the square, the face's middle counts.
    if side < head.height:
        top = _inside((face.top + face.bottom) / 2 - side / 2, side, height)
    low, high = min(head.right - side, head.left), max(head.right - side, head.left)
    shifts = [0.0]
    for step in range(1, 7):
        shifts += [-step * side / 12, step * side / 12]
    wanted = [min(max(middle - side / 2 + shift, low), high) for shift in shifts]
    lefts = dict.fromkeys(_inside(left, side, width) for left in wanted)
    return [Crop(left, top, side) for left in lefts]


def _inside(start: float, side: float, length: int) -> float:
    if side > length:
        return (length - side) / 2
    return min(max(start, 0.0), length - side)


def _shown(other: Box, crop: Crop) -> float:
    area = other.width * other.height
    return intersection(other, crop.box) / area if area > 0 else 0.0
