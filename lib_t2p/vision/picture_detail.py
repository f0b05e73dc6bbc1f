"""What was done to a picture before it came here: enlarged, compressed hard, noisy.

All are measured on grey pixels as they lie in the file, or reduced when the photo is large.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.vision.results import Picture

Grey = NDArray[np.float32]

TILE = 128
"""Side of the parts in which detail is looked for, pixels."""
MOST_TILES = 24
BLOCK = 8
"""Side of JPEG's blocks, pixels."""
FLOOR = 1e-3
"""Power at a frequency, against the power just below it at which a picture has ended."""
ROUNDING = (0.299**2 + 0.587**2 + 0.114**2 + 1.0) / 12
"""Grey variance of rounding: once in each channel of the file, weighted by ITU-R BT.601, and once
when the grey is computed; rounding to whole levels has a variance of 1/12."""
ABOVE_ROUNDING = 2.0
"""Detail must have this power in those of rounding: a soft picture has rounding at all frequencies,
also where enlarging has left nothing."""
HIDING = 4e-3
"""Rounding at the highest frequency against the power there of an ordinary photo, from which it
hides what could be told: in dark and flat pictures it lies above all fine detail."""
_IJG_LUMA_SUM = 3678
"""Sum of the luminance table that the JPEG standard (ITU-T T.81, K.1) prints, quality 50."""


def jpeg_quality(tables: Mapping[int, Sequence[int]]) -> int:
    """Quality, 1 to 100, whose luminance table by the IJG's rule has the same sum; 0 for none.

    Source of the rule: `jpeg_quality_scaling` of the Independent JPEG Group's library.
    """
    if not tables:
        return 0
    scale = 100.0 * sum(tables[min(tables)]) / _IJG_LUMA_SUM
    quality = (200.0 - scale) / 2 if scale <= 100 else 5000.0 / scale
    return int(np.clip(round(quality), 1, 100))


def blockiness(picture: Picture) -> float:
    """How much more the grey jumps at each eighth column and row than between them.

    Returns:
        About 1 for a picture without blocks; the stronger phase of the 8 in each direction, so
        that a cut picture is measured too. To be measured on pixels of the file only.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return round(min(_jumps(grey), _jumps(grey.T)), 3)


def noise(picture: Picture) -> float:
    """Standard deviation of noise in grey levels, in the flattest fifth of the picture."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    # Immerkaer (1996): this kernel sees neither gradients nor edges along the axes.
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
    fine = np.abs(cv2.filter2D(grey, cv2.CV_32F, kernel))
    small = (max(1, grey.shape[1] // 16), max(1, grey.shape[0] // 16))
    blocks = cv2.resize(fine, small, interpolation=cv2.INTER_AREA)
    # Black and white areas have lost their noise.
    light = cv2.resize(grey, small, interpolation=cv2.INTER_AREA)
    lit = blocks[(light > 12) & (light < 243)]
    if lit.size == 0:
        return 0.0
    return round(float(np.percentile(lit, 20)) * float(np.sqrt(np.pi / 2)), 2)


def enlargement(picture: Picture) -> float:
    """By what factor a picture seems to have been enlarged, from 1 (not at all) to 8.

    The finest detail of its richest parts is looked for: a picture that was enlarged has none
    above some share of the highest frequency.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    tiles = _richest(grey)
    if not tiles:
        return 1.0
    window = np.outer(np.hanning(TILE), np.hanning(TILE)).astype(np.float32)
    power = sum(np.abs(np.fft.rfft2((t - t.mean()) * window)) ** 2 for t in tiles)
    rounding = ROUNDING * len(tiles) * float((window**2).sum())
    return round(1.0 / max(_last_frequency(np.asarray(power), rounding), 0.125), 2)


def _last_frequency(power: NDArray[Any], rounding: float) -> float:
    """Share of the highest frequency up to which there is more than nothing.

    Args:
        power: sum over the tiles, as `rfft2` lays it out.
        rounding: power that rounding to whole levels has at each frequency.
    """
    rings = TILE // 2
    y = np.fft.fftfreq(TILE)[:, None] * TILE
    x = np.arange(power.shape[1])[None]
    radius = np.minimum(np.hypot(x, y).astype(int), rings)
    total = np.bincount(radius.ravel(), power.ravel(), rings + 1)
    profile = total / np.maximum(np.bincount(radius.ravel(), minlength=rings + 1), 1)
    # Photos fall with the square of the frequency or a little faster.
    squares = np.arange(2, rings) ** 2.0
    level = profile[2:rings] * squares
    reference = float(np.median(level[: rings // 8]))
    nothing = np.full(level.shape, FLOOR * reference)
    if rounding * rings**2 < HIDING * reference:
        nothing = np.maximum(nothing, ABOVE_ROUNDING * rounding * squares)
    above = np.flatnonzero(level > nothing)
    return float((above.max() + 3) / rings) if above.size else 1.0 / rings


def _richest(grey: Grey) -> list[Grey]:
    height, width = grey.shape
    tiles = [
        grey[top : top + TILE, left : left + TILE]
        for top in range(0, height - TILE + 1, TILE)
        for left in range(0, width - TILE + 1, TILE)
    ]
    tiles.sort(key=lambda tile: -float(tile.var()))
    return tiles[: max(1, min(MOST_TILES, len(tiles) // 3))] if tiles else []


def _jumps(grey: Grey) -> float:
    steps = np.abs(np.diff(grey, axis=1)).mean(axis=0)
    if steps.size < 4 * BLOCK:
        return 1.0
    # A step against its neighbours: light changing across the picture does not count.
    around = (steps[:-2] + steps[2:]) / 2 + 0.25
    ratio = (steps[1:-1] + 0.25) / around
    phases = [float(np.median(ratio[phase::BLOCK])) for phase in range(BLOCK)]
    # Enlarging by a whole number has phases too, but shorter ones than JPEG's.
    return max(phases[n] / max(phases[(n + BLOCK // 2) % BLOCK], 1e-3) for n in range(BLOCK))
