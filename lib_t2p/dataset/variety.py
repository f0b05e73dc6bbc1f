"""Choosing photos that are good and differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lib_t2p.dataset.exif_times import seconds_of
from lib_t2p.dataset.looks import Look

WEIGHTS = {"pose": 1.0, "distance": 0.8, "light": 0.6, "scene": 0.8, "clothes": 0.8, "date": 0.5}
"""How much each kind of difference counts."""
PLAIN = 0.35
"""Share of a photo's worth that quality alone gives; the rest must come from differing."""
FAR = 1.5
"""Distance from which two photos differ as much as counts."""


def choose_varied(looks: Sequence[Look], wanted: int) -> list[str]:
    """The best photo first, then again and again the one that is good and unlike those chosen.

    Unlike means far in head pose, size of the face, its light, colours of the background and of
    the clothes, and date. The same photos give the same choice.

    Returns:
        Names of `wanted` photos in order, or of all where there are fewer.
    """
    order = sorted(looks, key=lambda look: look.photo)
    if len(order) <= wanted:
        return [look.photo for look in order]
    features = _features(order)
    quality = np.array([look.quality for look in order]) / 100.0
    nearest = np.full(len(order), np.inf)
    chosen: list[int] = []
    while len(chosen) < wanted:
        novelty = np.minimum(nearest / FAR, 1.0)
        worth = quality * (PLAIN + (1.0 - PLAIN) * novelty)
        worth[chosen] = -1.0
        best = int(worth.argmax())
        chosen.append(best)
        nearest = np.minimum(nearest, np.linalg.norm(features - features[best], axis=1))
    return [order[n].photo for n in sorted(chosen)]


def _features(looks: Sequence[Look]) -> NDArray[np.float64]:
    columns = [
        (WEIGHTS["pose"], [[look.yaw / 30.0, look.pitch / 25.0] for look in looks]),
        (WEIGHTS["distance"], [[look.closeness] for look in looks]),
        (WEIGHTS["light"], [[look.light / 50.0, look.contrast / 80.0] for look in looks]),
        (WEIGHTS["scene"], [_colours(look, 0, 12) for look in looks]),
        (WEIGHTS["clothes"], [_colours(look, 12, 15) for look in looks]),
        (WEIGHTS["date"], _dates(looks)),
    ]
    return np.hstack([weight * np.asarray(values, np.float64) for weight, values in columns])


def _colours(look: Look, start: int, end: int) -> list[float]:
    values = look.colours[start:end]
    # Parts of a picture weigh together as much as one of them would.
    scale = 40.0 * np.sqrt((end - start) / 3)
    return [v / scale for v in values] if len(values) == end - start else [0.0] * (end - start)


def _dates(looks: Sequence[Look]) -> list[list[float]]:
    # A month apart differs as much as counts; photos without a date lie in the middle.
    days = np.array([seconds_of(look.taken) for look in looks]) / 86_400.0 / 30.0
    known = days[np.isfinite(days)]
    middle = float(np.median(known)) if known.size else 0.0
    days = np.where(np.isfinite(days), days, middle)
    return [[float(np.clip(d - middle, -2.0, 2.0))] for d in days]
