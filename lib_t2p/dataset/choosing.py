"""Choosing among usable photos: duplicates, the number wanted, what is held out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lib_t2p.dataset import reasons
from lib_t2p.dataset.groups import Groups
from lib_t2p.dataset.judging import Candidate, decision_on
from lib_t2p.dataset.manifest import PhotoDecision
from lib_t2p.dataset.pairs import alike_faces, hash_distances, most_alike
from lib_t2p.dataset.reasons import Code
from lib_t2p.dataset.twins import twin_of
from lib_t2p.dataset.variety import choose_varied

HELD_OUT_SHARE = 0.1
LEAST_HELD_OUT = 2
LEAST_TRAINED_ON = 2
"""Photos that must remain to train on before any is held out."""


def without_duplicates(
    candidates: Sequence[Candidate], bits: int
) -> tuple[list[Candidate], list[PhotoDecision]]:
    """Of one picture that is there several times, keep the one with the largest, sharpest face.

    One picture are two whose hashes (or one's and the other's mirrored) differ in at most `bits`
    bits, and two of which the one was cut out of the other.
    """
    if not candidates:
        return [], []
    best_first = sorted(candidates, key=lambda c: (-c.detail, c.report.photo))
    bits_apart, alike = hash_distances(best_first), alike_faces(best_first)
    kept: list[int] = []
    dropped: list[PhotoDecision] = []
    for n, candidate in enumerate(best_first):
        near = [*(k for k in kept if bits_apart[n, k] <= bits), *most_alike(alike[n], kept)]
        twin = next((t for k in near if (t := twin_of(candidate, best_first[k], bits))), None)
        if twin is None or candidate.is_put_back:
            kept.append(n)
        else:
            sentence = reasons.near_duplicate(twin[0].report.photo, twin[1])
            dropped.append(_drop(candidate, "near_duplicate", sentence))
    return sorted((best_first[n] for n in kept), key=_name), dropped


def limit_to_wanted(
    candidates: Sequence[Candidate], wanted: int | None
) -> tuple[list[Candidate], list[PhotoDecision]]:
    """Keep `wanted` photos that are good and varied, see `variety.choose_varied`."""
    if wanted is None or len(candidates) <= wanted:
        return list(candidates), []
    # What a person put back has a place before anything else.
    first = [c for c in candidates if c.is_put_back]
    others = [c for c in candidates if not c.is_put_back]
    chosen = [*first, *choose_varied(others, max(0, wanted - len(first)))]
    names = {c.report.photo for c in chosen}
    rest = [c for c in candidates if c.report.photo not in names]
    return sorted(chosen, key=_name), [
        _drop(c, "not_needed", reasons.not_needed(wanted)) for c in rest
    ]


def held_out_count(usable: int, asked: int | None) -> int:
    """How many photos to hold out: a tenth, at least two; fewer where few photos remain."""
    wanted = max(LEAST_HELD_OUT, math.ceil(HELD_OUT_SHARE * usable)) if asked is None else asked
    return max(0, min(wanted, usable // 3 if asked is None else usable - LEAST_TRAINED_ON))


def choose_held_out(
    candidates: Sequence[Candidate], groups: Groups, count: int
) -> tuple[Candidate, ...]:
    """Hold out whole groups, at least `count` photos, spread evenly over the person's looks.

    Groups are sorted by how far they are from the person's other photos and taken at even steps
    of that order, small ones first, so that neither the most typical nor the oddest photos stand
    for the person. Fewer are given when whole groups would leave too little to train on.

    Returns:
        Held-out photos by name.
    """
    by_group: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_group.setdefault(groups.of[candidate.report.photo], []).append(candidate)
    order = sorted(by_group.values(), key=lambda g: (min(c.distance for c in g), _name(g[0])))
    room = len(candidates) - LEAST_TRAINED_ON
    chosen: list[Candidate] = []
    for group in _evenly(order, count):
        if len(chosen) >= count:
            break
        if len(chosen) + len(group) <= min(room, max(2 * count, count + 2)):
            chosen += group
    return tuple(sorted(chosen, key=_name))


def _evenly(order: list[list[Candidate]], count: int) -> list[list[Candidate]]:
    places = [int((n + 0.5) * len(order) / count) for n in range(count)] if count else []
    first = [order[place] for place in dict.fromkeys(places)]
    rest = [group for group in order if not any(group is other for other in first)]
    return sorted(first, key=len) + sorted(rest, key=len)


def _drop(candidate: Candidate, code: Code, reason: str) -> PhotoDecision:
    return decision_on(candidate.report, code, reason, candidate.seen, candidate.distance)


def _name(candidate: Candidate) -> str:
    return candidate.report.photo
