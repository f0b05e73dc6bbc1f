"""The square views in which a detector of fixed input size looks at a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lib_t2p.vision.results import Box, Picture

TILED_FROM = 480
"""Longest side, pixels, from which half-size tiles are looked at too."""
FINE_FROM = 1200
"""Longest side, pixels, from which quarter-size tiles are looked at too."""
OVERLAP = 0.3
"""Share of a tile's side that it has in common with the next: a face of that size lies whole in
one of them."""


@dataclass(frozen=True)
class View:
    """A square part of the picture, which may reach outside.

    Attributes:
        left, top: of the part, pixels of the picture.
        side: of the part, pixels of the picture.
        is_tile: its edges may cut through faces.
    """

    left: float
    top: float
    side: float
    is_tile: bool = False


def whole_views(width: int, height: int) -> list[View]:
    """The whole picture, and the picture with a wide margin for tight crops."""
    longest = max(width, height)
    return [_centred(width, height, longest), _centred(width, height, longest * 1.8)]


def tile_views(width: int, height: int, *, fine: bool = True) -> list[View]:
    """Overlapping tiles, in which the small faces of a large picture are large enough.

    `fine` adds quarter-size tiles, most of the work, for faces below a tenth of the picture.
    """
    longest = max(width, height)
    views = []
    if longest >= TILED_FROM:
        views += _tiles(width, height, longest / 2)
    if fine and longest >= FINE_FROM:
        views += _tiles(width, height, longest / 4)
    return views


def cut_view(picture: Picture, view: View, side: int) -> Picture:
    """Draw a view at `side` x `side` pixels; what lies outside the picture is black."""
    height, width = picture.shape[:2]
    left, top = max(view.left, 0.0), max(view.top, 0.0)
    right, bottom = min(view.left + view.side, width), min(view.top + view.side, height)
    part = picture[round(top) : round(bottom), round(left) : round(right)]
    scale = side / view.side
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(part, size, interpolation=method)
    canvas = np.zeros((side, side, 3), np.uint8)
    x = min(max(round((left - view.left) * scale), 0), side - 1)
    y = min(max(round((top - view.top) * scale), 0), side - 1)
    fitting = small[: side - y, : side - x]
    canvas[y : y + fitting.shape[0], x : x + fitting.shape[1]] = fitting
    return canvas


def is_cut(box: Box, view: View, width: int, height: int) -> bool:
    """Whether a face found in a tile reaches an edge of the tile inside the picture."""
    if not view.is_tile:
        return False
    right, bottom = view.left + view.side, view.top + view.side
    return (
        (view.left > 0 and box.left <= view.left)
        or (view.top > 0 and box.top <= view.top)
        or (right < width and box.right >= right)
        or (bottom < height and box.bottom >= bottom)
    )


def _centred(width: int, height: int, side: float) -> View:
    return View((width - side) / 2, (height - side) / 2, side)


def _tiles(width: int, height: int, side: float) -> list[View]:
    return [
        View(left, top, side, is_tile=True)
        for top in _starts(height, side)
        for left in _starts(width, side)
    ]


def _starts(length: int, side: float) -> list[float]:
    if length <= side:
        return [(length - side) / 2]
    count = int(np.ceil((length - side) / (side * (1 - OVERLAP)))) + 1
    return [float(start) for start in np.linspace(0, length - side, count)]
