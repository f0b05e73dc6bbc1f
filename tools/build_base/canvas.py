"""A drawing surface with soft masks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.float32]
"""Height x width, 0 to 1."""
Colour = NDArray[np.float32]
"""RGB, 0 to 255; one colour (3,) or a field (height, width, 3)."""

_SUBPIXEL_BITS = 4


class Canvas:
    """An RGB picture of `side` x `side` pixels in floats from 0 to 255, origin at the top left."""

    def __init__(self, side: int, colour: Colour) -> None:
        self.side = side
        self.pixels = np.broadcast_to(colour, (side, side, 3)).astype(np.float32)
        self.y, self.x = np.mgrid[0:side, 0:side].astype(np.float32)

    def ellipse(
        self,
        centre: tuple[float, float],
        axes: tuple[float, float],
        *,
        angle: float = 0.0,
        arc: tuple[float, float] = (0.0, 360.0),
        thickness: int = -1,
    ) -> Mask:
        """An ellipse of half axes `axes` (pixels); filled, or a line of `thickness` pixels."""
        mask = np.zeros((self.side, self.side), np.float32)
        scale = 2**_SUBPIXEL_BITS
        point = (int(centre[0] * scale), int(centre[1] * scale))
        size = (max(1, int(axes[0] * scale)), max(1, int(axes[1] * scale)))
        cv2.ellipse(
            mask, point, size, angle, arc[0], arc[1], 1.0, thickness, cv2.LINE_AA, _SUBPIXEL_BITS
        )
        return mask

    def polygon(self, points: list[tuple[float, float]]) -> Mask:
        """A filled polygon."""
        mask = np.zeros((self.side, self.side), np.float32)
        cv2.fillPoly(mask, [np.array(points, np.int32)], 1.0, cv2.LINE_AA)
        return mask

    def rectangle(self, left: float, top: float, right: float, bottom: float) -> Mask:
        """A filled rectangle."""
        mask = np.zeros((self.side, self.side), np.float32)
        cv2.rectangle(mask, (int(left), int(top)), (int(right), int(bottom)), 1.0, -1)
        return mask

    def line(self, start: tuple[float, float], end: tuple[float, float], thickness: int) -> Mask:
        """A straight line."""
        mask = np.zeros((self.side, self.side), np.float32)
        ends = [(int(p[0]), int(p[1])) for p in (start, end)]
        cv2.line(mask, ends[0], ends[1], 1.0, thickness, cv2.LINE_AA)
        return mask

    def paint(self, mask: Mask, colour: Colour, *, soft: float = 1.0, opacity: float = 1.0) -> None:
        """Lay a colour over the picture where `mask` is 1, its edge blurred by `soft` pixels."""
        share = cv2.GaussianBlur(mask, (0, 0), soft)[..., None] * opacity
        self.pixels = self.pixels * (1 - share) + np.asarray(colour, np.float32) * share

    def noise(self, rng: np.random.Generator, grain: float) -> Mask:
        """Smooth noise of standard deviation near 1 with features of `grain` pixels."""
        cells = max(2, int(self.side / grain))
        coarse = rng.normal(size=(cells, cells)).astype(np.float32)
        size = (self.side, self.side)
        return cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
