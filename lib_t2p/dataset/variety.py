"""Choosing photos that are good and differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lib_t2p.dataset.judging import Candidate
from lib_t2p.dataset.pairs import seconds_of

WEIGHTS = {"pose": 1.0, "distance": 0.8, "light": 0.6, "scene": 0.8, "clothes": 0.8, "date": 0.5}
"""How much each kind of difference counts."""
PLAIN = 0.35
"""Share of a photo's worth that quality alone gives; the rest must come from differing."""
FAR = 1.5
"""Distance from which two photos differ as much as counts."""


def choose_varied(candidates: Sequence[Candidate], wanted: int) -> list[Candidate]:
    """The best photo first, then again and again the one that is good and unlike those chosen.

    Unlike means far in head pose, size of the face, its light, colours of the background and of
    the clothes, and date. The same photos give the same choice.

    Returns:
        `wanted` photos by name, or all where there are fewer.
    """
    order = sorted(candidates, key=lambda c: c.report.photo)
    if len(order) <= wanted:
        return order
    features = _features(order)
    quality = np.array([c.quality for c in order]) / 100.0
    nearest = np.full(len(order), np.inf)
    chosen: list[int] = []
    while len(chosen) < wanted:
        novelty = np.minimum(nearest / FAR, 1.0)
        worth = quality * (PLAIN + (1.0 - PLAIN) * novelty)
        worth[chosen] = -1.0
        best = int(worth.argmax())
        chosen.append(best)
        nearest = np.minimum(nearest, np.linalg.norm(features - features[best], axis=1))
    return [order[n] for n in sorted(chosen)]


def _features(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    columns = [
        (WEIGHTS["pose"], [[c.seen.pose.yaw / 30.0, c.seen.pose.pitch / 25.0] for c in candidates]),
        (WEIGHTS["distance"], [[_closeness(c)] for c in candidates]),
        (WEIGHTS["light"], [[c.seen.light.mean / 50.0, _contrast(c)] for c in candidates]),
        (WEIGHTS["scene"], [_colours(c, 0, 12) for c in candidates]),
        (WEIGHTS["clothes"], [_colours(c, 12, 15) for c in candidates]),
        (WEIGHTS["date"], _dates(candidates)),
    ]
    return np.hstack([weight * np.asarray(values, np.float64) for weight, values in columns])


def _closeness(candidate: Candidate) -> float:
    report, box = candidate.report, candidate.seen.face.box
    return float(np.log2(max(box.width, 1.0) / max(1, min(report.width, report.height))))


def _contrast(candidate: Candidate) -> float:
    return candidate.seen.light.contrast / 80.0


def _colours(candidate: Candidate, start: int, end: int) -> list[float]:
    values = candidate.report.colours[start:end]
    # Parts of a picture weigh together as much as one of them would.
    scale = 40.0 * np.sqrt((end - start) / 3)
    return [v / scale for v in values] if len(values) == end - start else [0.0] * (end - start)


def _dates(candidates: Sequence[Candidate]) -> list[list[float]]:
    # A month apart differs as much as counts; photos without a date lie in the middle.
    days = np.array([seconds_of(c.report.taken) for c in candidates]) / 86_400.0 / 30.0
    known = days[np.isfinite(days)]
    middle = float(np.median(known)) if known.size else 0.0
    days = np.where(np.isfinite(days), days, middle)
    return [[float(np.clip(d - middle, -2.0, 2.0))] for d in days]
