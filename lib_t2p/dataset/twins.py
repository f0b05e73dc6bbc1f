"""Photos that are one picture: saved twice, mirrored, or cut out of one another."""

from __future__ import annotations

from collections.abc import Sequence

from lib_t2p.dataset.judging import PhotoCandidate
from lib_t2p.dataset.pairs import alike_faces, hash_distances, most_alike
from lib_t2p.vision.likeness import SAME_PICTURE, distance, mirror_distance, picture_difference


def twin_of(a: PhotoCandidate, b: PhotoCandidate, bits: int) -> tuple[PhotoCandidate, bool] | None:
    """`b` when `a` is the same picture, and whether it is mirrored."""
    if a.report.hashes is not None and b.report.hashes is not None:
        if distance(a.report.hashes, b.report.hashes) <= bits:
            return b, False
        if mirror_distance(a.report.hashes, b.report.hashes) <= bits:
            return b, True
    apart, mirrored = picture_difference(a.seen.patch, b.seen.patch)
    return (b, mirrored) if apart <= SAME_PICTURE else None


def twins_by_photo(candidates: Sequence[PhotoCandidate], bits: int) -> dict[str, tuple[str, ...]]:
    """For each photo, the others that are the same picture; photos without any are missing."""
    if not candidates:
        return {}
    bits_apart, alike = hash_distances(candidates), alike_faces(candidates)
    found: dict[str, set[str]] = {}
    for n, one in enumerate(candidates):
        others = [k for k in range(len(candidates)) if k != n]
        near = {*(k for k in others if bits_apart[n, k] <= bits), *most_alike(alike[n], others)}
        for other in (candidates[k] for k in sorted(near)):
            # A pair is found from either side, and looked at once.
            if other.report.photo in found.get(one.report.photo, ()):
                continue
            if twin_of(one, other, bits):
                found.setdefault(one.report.photo, set()).add(other.report.photo)
                found.setdefault(other.report.photo, set()).add(one.report.photo)
    return {photo: tuple(sorted(others)) for photo, others in found.items()}
