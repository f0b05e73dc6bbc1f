"""Whether two faces come from one and the same shot, cut, turned or lit differently."""

from __future__ import annotations

from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.vision.results import Face, Picture

Chip = NDArray[np.float32]
"""Aligned grey face without its coarse light, 64 x 64."""

SIDE = 64
INNER = 48
"""Side of the middle part that is searched in the other chip, pixels."""
SAME_SHOT = 0.85
"""Likeness from which two faces are of one shot. Measured: 91 pairs of variants of one portrait
0.92 to 1.0; 91 pairs of different people up to 0.70, 5 % of them above 0.58."""
HOPELESS = 0.45
"""Likeness without any turn below which turning is not tried."""
_EYES = np.array([[0.32, 0.38], [0.68, 0.38]]) * SIDE
_FINE, _COARSE = 1.0, 4.0
_TURNS = (-8.0, -4.0, 0.0, 4.0, 8.0)
_ZOOMS = (0.93, 1.0, 1.07)


def face_chip(picture: Picture, face: Face) -> Chip:
    """Align a face by its eyes and keep what is between 1 and 4 pixels wide.

    Args:
        picture: RGB uint8.
        face: in pixels of `picture`.
    """
    eyes = np.array(face.keypoints[:2])
    between = complex(*(_EYES[1] - _EYES[0])) / complex(*(eyes[1] - eyes[0]))
    turn = np.array([[between.real, -between.imag], [between.imag, between.real]])
    offset = _EYES.mean(axis=0) - turn @ eyes.mean(axis=0)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    if abs(between) < 1:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.5 / abs(between))
    chip = _warped(grey.astype(np.float32), np.column_stack([turn, offset]))
    band = cv2.GaussianBlur(chip, (0, 0), _FINE) - cv2.GaussianBlur(chip, (0, 0), _COARSE)
    return band.astype(np.float32)


def shot_likeness(a: Chip, b: Chip) -> float:
    """Best normalised correlation over small shifts, turns, zooms and mirroring; -1 to 1.

    Turns and zooms are only tried where the chips are a little alike without them.
    """
    edge = (SIDE - INNER) // 2
    inner = np.ascontiguousarray(a[edge:-edge, edge:-edge])
    sides = (b, np.ascontiguousarray(b[:, ::-1]))
    best = max(_correlation(inner, side) for side in sides)
    if best < HOPELESS:
        return best
    for side, degrees, zoom in product(sides, _TURNS, _ZOOMS):
        turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), degrees, zoom)
        best = max(best, _correlation(inner, _warped(side, turn)))
    return best


def _correlation(inner: Chip, other: Chip) -> float:
    return float(cv2.matchTemplate(other, inner, cv2.TM_CCOEFF_NORMED).max())


def _warped(chip: NDArray[np.float32], matrix: NDArray[Any]) -> Chip:
    warped = cv2.warpAffine(
        chip, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return warped.astype(np.float32)
