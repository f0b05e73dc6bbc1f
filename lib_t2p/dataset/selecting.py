"""How many photos are used, and which of them are held out: told by what counts of each photo.

The build and the tab choose by the same rules here, so the tab shows beforehand what comes out.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from lib_t2p.dataset.looks import Look
from lib_t2p.dataset.variety import choose_varied

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
