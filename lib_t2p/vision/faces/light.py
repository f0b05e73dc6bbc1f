"""Light of a face, and how much of it the picture's edge cuts off."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lib_t2p.vision.boxes import intersection
from lib_t2p.vision.results import Box, Face, Picture

DARK, BRIGHT = 8, 247
"""Grey levels at and beyond which nothing can be told apart."""


@dataclass(frozen=True)
class FaceLight:
    """Light of a face, grey levels 0 to 255.

    Attributes:
        mean: of the face.
        contrast: between its 5th and 95th percentile.
        clipped: share of it that is black or white, 0 to 1.
    """

    mean: float
    contrast: float
    clipped: float


def face_light(picture: Picture, face: Face) -> FaceLight:
    """Measure the part of the face box that lies in the picture (RGB uint8)."""
    height, width = picture.shape[:2]
    box = face.box
    left, right = (int(np.clip(x, 0, width)) for x in (box.left, box.right))
    top, bottom = (int(np.clip(y, 0, height)) for y in (box.top, box.bottom))
    part = picture[top:bottom, left:right]
    if part.size == 0:
        return FaceLight(0.0, 0.0, 1.0)
    return light_of(part)


def light_of(picture: Picture) -> FaceLight:
    """Measure a whole picture (RGB uint8), or a part of one."""
    grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)
    low, high = np.percentile(grey, (5, 95))
    clipped = float(((grey <= DARK) | (grey >= BRIGHT)).mean())
    return FaceLight(round(float(grey.mean()), 1), round(float(high - low), 1), round(clipped, 3))


def cut_share(face: Face, width: int, height: int) -> float:
    """Share of the face box outside a picture of that size, 0 to 1; 1 when an eye is outside."""
    eyes = face.keypoints[:2]
    if any(not (0 <= x < width and 0 <= y < height) for x, y in eyes):
        return 1.0
    area = face.box.width * face.box.height
    inside = intersection(face.box, Box(0.0, 0.0, float(width), float(height)))
    return round(1.0 - inside / area, 3) if area > 0 else 1.0
