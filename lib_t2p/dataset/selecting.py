"""How many photos are used, which differ, and which are held out: told by what counts of each.

The build and the tab choose by the same rules here, so the tab shows beforehand what comes out.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lib_t2p.dataset.looks import Look, seconds_of

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


HELD_OUT_SHARE = 0.1
LEAST_HELD_OUT = 2
LEAST_TRAINED_ON = 2
"""Photos that must remain to train on before any is held out."""


def choose_wanted(
    looks: Sequence[Look], wanted: int | None, put_back: Collection[str]
) -> frozenset[str]:
    """Names of `wanted` photos that are good and varied, see `variety.choose_varied`.

    Args:
        looks: usable photos.
        wanted: None keeps all.
        put_back: what a person put back has a place before anything else.
    """
    names = frozenset(look.photo for look in looks)
    if wanted is None or len(looks) <= wanted:
        return names
    first = names & frozenset(put_back)
    others = [look for look in looks if look.photo not in first]
    return first | frozenset(choose_varied(others, max(0, wanted - len(first))))


def held_out_count(usable: int, asked: int | None) -> int:
    """How many photos to hold out: a tenth, at least two; fewer where few photos remain."""
    wanted = max(LEAST_HELD_OUT, math.ceil(HELD_OUT_SHARE * usable)) if asked is None else asked
    return max(0, min(wanted, usable - LEAST_TRAINED_ON))


def choose_held_out(
    looks: Sequence[Look], group_of: Mapping[str, int], count: int
) -> frozenset[str]:
    """Hold out whole groups, at least `count` photos, spread evenly over the person's looks.

    Groups are sorted by how far they are from the person's other photos and taken at even steps
    of that order, small ones first, so that neither the most typical nor the oddest photos stand
    for the person. Fewer are given when whole groups would leave too little to train on.

    Args:
        looks: photos that may be used.
        group_of: photo name to the number of its group.
        count: see `held_out_count`.
    """
    by_group: dict[int, list[Look]] = {}
    for look in sorted(looks, key=lambda look: look.photo):
        by_group.setdefault(group_of[look.photo], []).append(look)
    order = sorted(by_group.values(), key=lambda g: (min(x.distance for x in g), g[0].photo))
    room = len(looks) - LEAST_TRAINED_ON
    chosen: list[str] = []
    for group in _evenly(order, count):
        if len(chosen) >= count:
            break
        if len(chosen) + len(group) <= min(room, max(2 * count, count + 2)):
            chosen += [look.photo for look in group]
    return frozenset(chosen)


def hold_out(
    looks: Sequence[Look], groupings: Sequence[Mapping[str, int]], asked: int | None
) -> tuple[frozenset[str], int]:
    """Hold out by the first grouping that gives enough photos, else by the last.

    Returns:
        Names, and which grouping it was, counted from 0.
    """
    count = held_out_count(len(looks), asked)
    for number, group_of in enumerate(groupings):
        found = choose_held_out(looks, group_of, count)
        if len(found) >= count or number == len(groupings) - 1:
            return found, number
    return frozenset(), 0


def _evenly(order: list[list[Look]], count: int) -> list[list[Look]]:
    places = [int((n + 0.5) * len(order) / count) for n in range(count)] if count else []
    first = [order[place] for place in dict.fromkeys(places)]
    taken = {id(group) for group in first}
    rest = [group for group in order if id(group) not in taken]
    return sorted(first, key=len) + sorted(rest, key=len)
