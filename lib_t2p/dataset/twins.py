"""Photos that are one picture: saved twice, mirrored, or cut out of one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib_t2p.dataset.judging import Candidate
from lib_t2p.dataset.pairs import hash_distances, maybe_one_shot
from lib_t2p.vision.hashes import distance, mirror_distance
from lib_t2p.vision.same_face import SAME_PICTURE, picture_difference


def twin_of(a: Candidate, b: Candidate, bits: int) -> tuple[Candidate, bool] | None:
    """`b` when `a` is the same picture, and whether it is mirrored."""
    if a.report.hashes is not None and b.report.hashes is not None:
        if distance(a.report.hashes, b.report.hashes) <= bits:
            return b, False
        if mirror_distance(a.report.hashes, b.report.hashes) <= bits:
            return b, True
    apart, mirrored = picture_difference(a.seen.patch, b.seen.patch)
    return (b, mirrored) if apart <= SAME_PICTURE else None


def twins_by_photo(candidates: Sequence[Candidate], bits: int) -> dict[str, tuple[str, ...]]:
    """For each photo, the others that are the same picture; photos without any are missing."""
    if not candidates:
        return {}
    bits_apart, may_match = hash_distances(candidates), maybe_one_shot(candidates)
    found: dict[str, list[str]] = {}
    near = np.tril((bits_apart <= bits) | may_match, -1)
    for n, k in np.argwhere(near):
        one, other = candidates[int(n)], candidates[int(k)]
        if twin_of(one, other, bits):
            found.setdefault(one.report.photo, []).append(other.report.photo)
            found.setdefault(other.report.photo, []).append(one.report.photo)
    return {photo: tuple(sorted(others)) for photo, others in found.items()}
