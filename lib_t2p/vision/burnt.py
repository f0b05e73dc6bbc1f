"""How much of a picture has colours that ran out of range, as an over-trained LoRA paints them."""

from __future__ import annotations

import cv2
import numpy as np

from lib_t2p.vision.results import Picture

HIGH = 250
"""Value of a channel from which it is clipped; JPEG and WebP move 255 by a few steps."""
LOW = 4
"""Value of a channel up to which it is clipped."""
COLOUR = 16
"""Difference between a pixel's channels from which it is no white or grey."""
STRONG = 128
"""Difference from which an empty channel is a strong colour and no dark shadow."""


def burnt_share(picture: Picture) -> float:
    """Share of the pixels whose colour is clipped, 0 (none) to 1 (all); lower is better.

    A pixel counts when a channel is full and the pixel is not white or grey (skin that is blown
    out keeps a warm tint), or when a channel is empty in a strong colour (neon). White backdrops
    and black shadows are neutral and do not count.

    Limits: a colour that is meant (a red dress in bright light, a neon sign) counts as well, so
    the share is to be compared at the same prompt and seed, or with real photos: these have up to
    a few hundredths. Faded or grey pictures have 0.

    Args:
        picture: RGB uint8, height x width x 3.
    """
    red, green, blue = cv2.split(picture)
    high = np.asarray(cv2.max(cv2.max(red, green), blue))
    low = np.asarray(cv2.min(cv2.min(red, green), blue))
    colour = high - low
    burnt = ((high >= HIGH) & (colour >= COLOUR)) | ((low <= LOW) & (colour >= STRONG))
    return float(np.count_nonzero(burnt) / burnt.size)
