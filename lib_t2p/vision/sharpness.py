"""How sharp a face is, or a picture without one, whatever its size."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.vision.results import Face, Picture

SIDE = 96
"""Side at which faces are compared, pixels."""
MEDIAN_SIDE = 256
"""Faces larger than this are reduced to it before the median filter, pixels."""
EVEN = 0.6
"""Least detail of any direction over the mean of all, from which a face is not moved. Measured on
made photos: 0.56 to 0.89 for sharp, soft, noisy and compressed ones, 0.33 to 0.49 for moved."""
MOVED_POWER = 4
"""How fast a face counts as less sharp below that: 18 % are left at 0.39, usual for moved ones."""
DIRECTIONS = 8
DARKEST = 4.0
"""Least grey variance in the ratio, so that a black or flat face does not divide by nothing."""
SOMETHING = 100.0
"""Grey variance from which there is something in a part of a picture."""


def face_sharpness(picture: Picture, face: Face) -> float:
    """Share of fine detail in a face.

    The grey face box goes through a 5 x 5 median filter, so that sensor noise and grain do not
    pass for detail, and is scaled to 96 x 96. The result is the variance of its Laplacian over
    its grey variance, times 1000: a number without unit that light and contrast do not change.
    A camera or head that moved leaves detail across its way, so that the number is lowered when one
    direction has much less of it than the others.

    Args:
        picture: RGB uint8, height x width x 3.
        face: in pixels of `picture`.

    Returns:
        0 (flat) upwards. Measured: 60 to 90 for a 110 px face cut from a 512 px portrait, 300 for
        a studio portrait, 15 after a Gaussian blur of 1 % of the face, 4 at 2 %, 2 at 5 %. A face
        enlarged from few pixels is soft and is measured as such.
    """
    grey = _reduced(_cut(picture, face))
    return _fine_share(grey) * min(1.0, _evenness(grey) / EVEN) ** MOVED_POWER


def picture_sharpness(picture: Picture) -> float | None:
    """Share of fine detail in the sharpest part of a picture, for photos without a face.

    Nine squares of half the shorter side, that overlap, are measured as a face is, but that a
    direction with less detail does not count; squares with nothing in them are left out.

    Args:
        picture: RGB uint8, height x width x 3.

    Returns:
        As of `face_sharpness`; None when there is nothing in any part. Measured on made photos of
        1.2 megapixels: 56 to 940, 21 to 64 when moved, 5 to 9 when blurred so that no face of
        theirs could be used.
    """
    height, width = picture.shape[:2]
    side = max(1, min(height, width) // 2)
    tops, lefts = (np.linspace(0, length - side, 3).astype(int) for length in (height, width))
    parts = [
        _reduced(np.ascontiguousarray(picture[top : top + side, left : left + side]))
        for top in tops
        for left in lefts
    ]
    shares = [_fine_share(part) for part in parts if float(part.var()) >= SOMETHING]
    return round(max(shares), 2) if shares else None


def _reduced(picture: Picture) -> NDArray[np.float32]:
    """Grey, without grain, 96 x 96."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    if max(grey.shape) > MEDIAN_SIDE:
        grey = _resized(grey, MEDIAN_SIDE)
    return _resized(cv2.medianBlur(grey, 5), SIDE).astype(np.float32)


def _fine_share(grey: NDArray[np.float32]) -> float:
    laplacian = cv2.Laplacian(grey, cv2.CV_32F, ksize=1)
    return 1000.0 * float(laplacian.var()) / max(float(grey.var()), DARKEST)


def _evenness(grey: NDArray[Any]) -> float:
    """Detail in the direction that has least of it over the mean of all directions, 0 to 1."""
    second = [cv2.filter2D(grey, cv2.CV_32F, kernel) for kernel in _SECOND]
    energy = []
    for angle in np.arange(DIRECTIONS) * np.pi / DIRECTIONS:
        across, down = np.cos(angle), np.sin(angle)
        parts = (across * across, down * down, 2 * across * down)
        bend = sum(part * values for part, values in zip(parts, second, strict=True))
        energy.append(float(np.var(bend)))
    mean = float(np.mean(energy))
    return min(energy) / mean if mean > 0 else 1.0


_SECOND = (
    np.array([[0, 0, 0], [1, -2, 1], [0, 0, 0]], np.float32),
    np.array([[0, 1, 0], [0, -2, 0], [0, 1, 0]], np.float32),
    np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]], np.float32) / 4,
)
"""Second derivatives: across, down, mixed."""


def _cut(picture: Picture, face: Face) -> Picture:
    height, width = picture.shape[:2]
    box = face.box
    left, top = int(np.clip(box.left, 0, width - 2)), int(np.clip(box.top, 0, height - 2))
    right = int(np.clip(box.right, left + 2, width))
    bottom = int(np.clip(box.bottom, top + 2, height))
    return np.ascontiguousarray(picture[top:bottom, left:right])


def _resized(grey: NDArray[Any], side: int) -> NDArray[np.uint8]:
    method = cv2.INTER_AREA if max(grey.shape) > side else cv2.INTER_CUBIC
    return cv2.resize(grey, (side, side), interpolation=method).astype(np.uint8)
