"""Hiding the heads of bystanders in a written picture."""

from __future__ import annotations

import cv2
import numpy as np

from lib_t2p.dataset.crop_planning import PlannedCrop
from lib_t2p.dataset.options import Others
from lib_t2p.vision import Box, Picture

NEUTRAL = 128
"""Grey level that a head is filled with."""
BLUR = 0.25
"""Sigma of the blur as a share of the head's width: no feature of a face remains."""
FEATHER = 0.06
"""Softness of the mask's edge, likewise: a hard edge would be learned."""


def mask_others(picture: Picture, planned: PlannedCrop, own: Box, how: Others) -> Picture:
    """Blur or fill the heads in `planned.masked`; the person's own head is never touched.

    Args:
        picture: the crop as drawn, RGB uint8, height x width x 3.
        planned: what the picture shows.
        own: the person's head, pixels of the photo.
        how: `blur` or `fill`; `avoid` changes nothing.

    Returns:
        A new picture of the same shape.
    """
    if how == "avoid" or not planned.masked:
        return picture
    result = picture.astype(np.float32)
    keep = _ellipse(picture, _placed(own, planned))
    for head in planned.masked:
        box = _placed(head, planned)
        size = max(box.width, 1.0)
        if how == "blur":
            hidden = cv2.GaussianBlur(picture, (0, 0), max(BLUR * size, 1.0)).astype(np.float32)
        else:
            hidden = np.full_like(result, NEUTRAL)
        mask = cv2.GaussianBlur(_ellipse(picture, box), (0, 0), max(FEATHER * size, 0.5))
        mask = (mask * (1.0 - keep))[..., None]
        result = result * (1.0 - mask) + hidden * mask
    return np.asarray(np.rint(result).clip(0, 255), np.uint8)


def _placed(box: Box, planned: PlannedCrop) -> Box:
    """A box of the photo in pixels of the written picture."""
    crop, (width, height) = planned.crop, planned.size
    x, y = width / crop.side, height / crop.height
    return Box(
        (box.left - crop.left) * x,
        (box.top - crop.top) * y,
        (box.right - crop.left) * x,
        (box.bottom - crop.top) * y,
    )


def _ellipse(picture: Picture, box: Box) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    mask = np.zeros(picture.shape[:2], np.float32)
    middle = (round((box.left + box.right) / 2), round((box.top + box.bottom) / 2))
    axes = (max(1, round(box.width / 2)), max(1, round(box.height / 2)))
    cv2.ellipse(mask, middle, axes, 0, 0, 360, (1.0,), -1)
    return mask
