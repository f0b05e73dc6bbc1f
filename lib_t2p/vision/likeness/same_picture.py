"""How much two whole pictures are one picture: same pose, same place, same background.

The identity of a face does not tell a LoRA that knows a person from one that repeats a few photos
by heart; the shape of the whole picture does. It is the cosine between the slopes of two small grey
pictures, so that light, colour and contrast count little.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.vision.results import Picture

Shape = NDArray[np.float32]
"""Unit vector of 2 x 32 x 32 slopes; all 0 for an even picture."""

SIDE = 32
SAME_PICTURE = 0.6
"""Likeness from which two drawn pictures count as one. Measured on the tuning seeds of
`benchmarks.planted_cells`, share of pairs of 8 seeds: 0.14 to 0.75 for a LoRA that learnt two
photos by heart, 0 to 0.07 for ones that did not."""
PHOTO_COPY = 0.8
"""Likeness from which a drawn picture counts as a photo. Measured there, nearest of 13 training
photos, share of a model's pictures: up to 0.75 for the one, up to 0.12 for the others. Variants of
one portrait among each other are alike to 0.26 to 0.48."""


def picture_shape(picture: Picture) -> Shape:
    """Describe a picture, RGB uint8 of any size, by the slopes of its brightness."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    slopes = np.stack([cv2.Sobel(small, cv2.CV_32F, *way) for way in ((1, 0), (0, 1))]).ravel()
    length = float(np.linalg.norm(slopes))
    return np.asarray(slopes / length if length > 0 else slopes, np.float32)


def mirrored(shape: Shape) -> Shape:
    """What `picture_shape` would give for the picture seen in a mirror."""
    across, down = shape.reshape(2, SIDE, SIDE)[:, :, ::-1]
    return np.asarray(np.stack([-across, down]).ravel(), np.float32)


def nearest_likeness(shapes: Sequence[Shape], others: Sequence[Shape]) -> list[float]:
    """For each picture the highest likeness, -1 to 1, with one of `others` or its mirror image.

    Empty when there are no others.
    """
    if not shapes or not others:
        return []
    known = np.stack([*others, *map(mirrored, others)])
    return [float(likeness) for likeness in (np.stack(shapes) @ known.T).max(axis=1)]


def same_as_others(shapes: Sequence[Shape], groups: Sequence[Hashable]) -> list[float | None]:
    """For each picture the share, 0 to 1, of the pictures of other groups that are the same one.

    Unlike the likeness of the nearest, it does not grow with the number of pictures.

    Args:
        shapes: of the pictures.
        groups: one for each picture; those of one group are not compared.

    Returns:
        One for each picture; None where all others are of its group.
    """
    if not shapes:
        return []
    stack = np.stack(shapes)
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    of = np.array([numbers[group] for group in groups])
    others = of[:, None] != of[None, :]
    same = ((stack @ stack.T) >= SAME_PICTURE) & others
    shares = zip(same.sum(axis=1), others.sum(axis=1), strict=True)
    return [float(found / total) if total else None for found, total in shares]
