"""Choosing among usable photos: duplicates and the number wanted."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.dataset import reasons
from lib_t2p.dataset.judging import PhotoCandidate, decision_on
from lib_t2p.dataset.manifest import PhotoDecision
from lib_t2p.dataset.pairs import alike_faces, hash_distances, most_alike, twin_of
from lib_t2p.dataset.reasons import Code
from lib_t2p.dataset.selecting import choose_wanted


def without_duplicates(
    candidates: Sequence[PhotoCandidate], bits: int
) -> tuple[list[PhotoCandidate], list[PhotoDecision]]:
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
    candidates: Sequence[PhotoCandidate], wanted: int | None
) -> tuple[list[PhotoCandidate], list[PhotoDecision]]:
    """Keep `wanted` photos that are good and varied, see `selecting.choose_wanted`."""
    put_back = [c.report.photo for c in candidates if c.is_put_back]
    names = choose_wanted([c.look for c in candidates], wanted, put_back)
    chosen = [c for c in candidates if c.report.photo in names]
    return chosen, [
        _drop(c, "not_needed", reasons.not_needed(wanted or len(names)))
        for c in candidates
        if c.report.photo not in names
    ]


def _drop(candidate: PhotoCandidate, code: Code, reason: str) -> PhotoDecision:
    return decision_on(candidate.report, code, reason, candidate.seen, candidate.distance)


def _name(candidate: PhotoCandidate) -> str:
    return candidate.report.photo
