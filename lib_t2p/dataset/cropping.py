"""Crops around a face. All coordinates are pixels of the upright photo."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from lib_t2p.dataset.options import Framing
from lib_t2p.vision import Box, Picture, intersection

HAIR = 0.6
"""Height of forehead and hair above the face box, as a share of the box's side."""
CHIN = 0.12
"""Chin and beard below the face box, likewise."""
HEAD_WIDTH = 1.5
"""Width of the head with hair, likewise."""
SIDES: dict[Framing, float] = {"face": 2.1, "bust": 3.3, "whole": 1e9}
"""Side of the crop in sides of the face box; of a crop of another shape, of the square as large."""
HEAD_ROOM: dict[Framing, float] = {"face": 0.05, "bust": 0.08, "whole": 0.08}
"""Free room above the hair, as a share of the crop's side."""
TOLERATED = 0.15
"""Share of another face's box that may show at the crop's edge."""
NARROWING = 0.93
"""Step in which a crop is made smaller to keep others out."""


@dataclass(frozen=True)
class Crop:
    """A rectangle, mostly a square, possibly reaching over the picture's edges.

    Attributes:
        left, top: of its corner, pixels of the upright photo.
        side: its width, pixels of the upright photo.
        aspect: width by height; 1 is a square.
    """

    left: float
    top: float
    side: float
    aspect: float = 1.0

    @property
    def height(self) -> float:
        """Pixels of the upright photo."""
        return self.side / self.aspect

    @property
    def mean_side(self) -> float:
        """Side of the square that is as large, pixels of the upright photo."""
        return self.side / math.sqrt(self.aspect)

    @property
    def box(self) -> Box:
        """The same as a box."""
        return Box(self.left, self.top, self.left + self.side, self.top + self.height)

    def is_padded(self, width: int, height: int) -> bool:
        """Whether it reaches over the edge of a picture of that size."""
        return (
            self.left < 0
            or self.top < 0
            or self.left + self.side > width
            or self.top + self.height > height
        )


def plan_crop(
    width: int,
    height: int,
    face: Box,
    others: Sequence[Box],
    framing: Framing,
    aspect: float = 1.0,
) -> Crop | None:
    """Choose the crop for a face.

    The head (face box plus hair and chin by fixed shares of the box) is never cut when the picture
    shows it. The crop stays inside the picture; it reaches over the edge only where the face
    itself would not fit otherwise. Other faces are kept out by moving the crop aside, then by
    making it smaller, down to the head.

    Args:
        width, height: of the upright photo, pixels.
        face: the person's face box.
        others: face boxes to keep out.
        framing: how much to show.
        aspect: width by height of the crop.

    Returns:
        None when every crop that shows the head shows another face too.
    """
    unit = max(face.width, face.height)
    head = head_of(face, width, height)
    broad = math.sqrt(aspect)
    largest = min(width / broad, height * broad)
    least = max(head.width / broad, head.height * broad)
    side = min(SIDES[framing] * unit, largest)
    side = max(side, min(least, largest), 1.1 * unit * max(broad, 1 / broad))
    while True:
        for crop in _placements(
            Crop(0, 0, side * broad, aspect), face, head, framing, width, height
        ):
            if all(_shown(other, crop) <= TOLERATED for other in others):
                return crop
        side *= NARROWING
        if side < least:
            return None


def crop_by_hand(box: Box, aspect: float) -> Crop:
    """The largest crop of that shape in a box that a person drew, about its middle."""
    side = min(box.width, box.height * aspect)
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return Crop(x - side / 2, y - side / aspect / 2, side, aspect)


def draw_crop(picture: Picture, scale: float, crop: Crop, size: tuple[int, int]) -> Picture:
    """Cut a crop out and scale it.

    Args:
        picture: the upright photo, RGB uint8, reduced by `scale`.
        scale: pixels of `picture` per pixel of the photo.
        crop: in pixels of the photo.
        size: (width, height) of the result, pixels.

    Returns:
        RGB uint8, height x width x 3. What lies outside the photo mirrors its edge.
    """
    height, width = picture.shape[:2]
    left, top = crop.left * scale, crop.top * scale
    across, down = crop.side * scale, crop.height * scale
    before = (_over(-top), _over(-left))
    after = (_over(top + down - height), _over(left + across - width))
    if any(before + after):
        pads = ((before[0], after[0]), (before[1], after[1]), (0, 0))
        picture = np.pad(picture, pads, mode="symmetric")
    x, y = left + before[1], top + before[0]
    box = (x, y, min(x + across, picture.shape[1]), min(y + down, picture.shape[0]))
    image = Image.fromarray(picture)
    return np.array(image.resize(size, Image.Resampling.LANCZOS, box=box))


def _over(pixels: float) -> int:
    # A crop that only touches the edge may be off by a rounding error.
    return int(np.ceil(pixels - 1e-3)) if pixels > 1e-3 else 0


def head_of(face: Box, width: int, height: int) -> Box:
    """Face with hair and chin, as far as the photo of that size shows them."""
    unit = max(face.width, face.height)
    middle = (face.left + face.right) / 2
    half = HEAD_WIDTH * unit / 2
    return Box(
        max(middle - half, 0.0),
        max(face.top - HAIR * unit, 0.0),
        min(middle + half, float(width)),
        min(face.bottom + CHIN * unit, float(height)),
    )


def _placements(
    wanted: Crop, face: Box, head: Box, framing: Framing, width: int, height: int
) -> Iterator[Crop]:
    """The wanted place first, then places further and further to the sides."""
    side, tall = wanted.side, wanted.height
    middle = (face.left + face.right) / 2
    wished = max(head.top - HEAD_ROOM[framing] * tall, head.bottom - tall)
    top = _inside(wished, tall, height)
    # Where the head is higher than the crop, the face's middle counts.
    if tall < head.height - 1e-6:
        top = _inside((face.top + face.bottom) / 2 - tall / 2, tall, height)
    low, high = min(head.right - side, head.left), max(head.right - side, head.left)
    given: set[float] = set()
    for shift in (0.0, *(sign * step * side / 12 for step in range(1, 7) for sign in (-1, 1))):
        left = _inside(min(max(middle - side / 2 + shift, low), high), side, width)
        if left not in given:
            given.add(left)
            yield Crop(left, top, side, wanted.aspect)


def _inside(start: float, side: float, length: int) -> float:
    if side > length:
        return (length - side) / 2
    return min(max(start, 0.0), length - side)


def _shown(other: Box, crop: Crop) -> float:
    area = other.width * other.height
    return intersection(other, crop.box) / area if area > 0 else 0.0
