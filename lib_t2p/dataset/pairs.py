"""Which photos are one picture, and which pairs are worth comparing in detail."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lib_t2p.dataset.judging import PhotoCandidate
from lib_t2p.dataset.looks import seconds_of
from lib_t2p.vision.likeness import (
    SAME_PICTURE,
    Chip,
    distance,
    mirror_distance,
    picture_difference,
)


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


SHOT_DISTANCE = 0.3
"""Faces of one shot are nearer than this; measured on variants of one portrait: up to 0.16."""
ALIKE = 0.3
"""Correlation of coarse chips that faces of one shot reach without any turn or shift."""
MOST_COMPARED = 6
COARSE = 16
SESSION_SECONDS = 7200.0
"""Photos taken within this time are of one session when the clothes are alike too."""
BURST_SECONDS = 120.0
"""Photos taken within this time of one another are of one sitting."""
SAME_CLOTHES = 14.0
"""Distance of mean Lab colours (8-bit scale) up to which clothes are alike."""

Matrix = NDArray[np.bool_]

_ONES = np.array([bin(n).count("1") for n in range(256)], np.uint16)


def hash_distances(candidates: Sequence[PhotoCandidate]) -> NDArray[np.uint16]:
    """Bits in which pictures, or one and the other's mirror image, differ; shape (n, n)."""
    plain = np.stack([_bits(c, "plain") for c in candidates])
    mirrored = np.stack([_bits(c, "mirrored") for c in candidates])
    result = np.zeros((len(candidates), len(candidates)), np.uint16)
    for row in range(len(candidates)):
        same = _ONES[plain ^ plain[row]].sum(axis=1)
        one = _ONES[mirrored ^ plain[row]].sum(axis=1)
        other = _ONES[plain ^ mirrored[row]].sum(axis=1)
        result[row] = np.minimum(same, np.minimum(one, other))
    without = [n for n, c in enumerate(candidates) if c.report.hashes is None]
    result[without], result[:, without] = 256, 256
    return result


def maybe_one_shot(candidates: Sequence[PhotoCandidate]) -> Matrix:
    """Pairs whose faces may be of one shot; shape (n, n)."""
    return np.asarray(alike_faces(candidates) >= ALIKE)


def most_alike(alike: NDArray[np.float32], others: Sequence[int]) -> list[int]:
    """Those of `others` that are compared in detail with a photo, the most alike first.

    No more than 6, so that the work grows with the photos and not with their pairs: of one picture
    that is there more often, one is as good as another.

    Args:
        alike: the photo's row of `alike_faces`.
        others: columns of it.
    """
    near = [n for n in others if alike[n] >= ALIKE]
    return sorted(near, key=lambda n: -alike[n])[:MOST_COMPARED]


def alike_faces(candidates: Sequence[PhotoCandidate]) -> NDArray[np.float32]:
    """How alike coarse chips are, -1 to 1, where identities allow one shot; -1 elsewhere.

    Shape (n, n); a face and its mirror image count as alike.
    """
    vectors = np.stack([c.seen.embedding for c in candidates]).astype(np.float32)
    squares = (vectors**2).sum(axis=1)
    apart = squares[:, None] + squares[None] - 2 * vectors @ vectors.T
    coarse = np.stack([_coarse(c.seen.chip) for c in candidates])
    mirrored = np.stack([_coarse(c.seen.chip[:, ::-1]) for c in candidates])
    alike = np.maximum(coarse @ coarse.T, coarse @ mirrored.T)
    return np.asarray(np.where(apart <= SHOT_DISTANCE**2, alike, -1.0), np.float32)


def taken_together(candidates: Sequence[PhotoCandidate]) -> Matrix:
    """Pairs of one burst (time) or one session (time and clothes); shape (n, n)."""
    times = np.array([seconds_of(c.report.taken) for c in candidates])
    apart = np.abs(times[:, None] - times[None])
    clothes = [c.report.colours[12:15] or (np.nan,) * 3 for c in candidates]
    colours = np.array(clothes, np.float32)
    differ = np.linalg.norm(colours[:, None] - colours[None], axis=2)
    with np.errstate(invalid="ignore"):
        session = (apart <= SESSION_SECONDS) & (differ <= SAME_CLOTHES)
        return np.asarray((apart <= BURST_SECONDS) | session)


def _bits(candidate: PhotoCandidate, which: str) -> NDArray[np.uint8]:
    hashes = candidate.report.hashes
    text = getattr(hashes, which) if hashes is not None else "0" * 64
    return np.frombuffer(bytes.fromhex(text), np.uint8)


def _coarse(chip: Chip) -> NDArray[np.float32]:
    smooth = cv2.GaussianBlur(np.ascontiguousarray(chip), (0, 0), 1.5)
    small = cv2.resize(smooth, (COARSE, COARSE), interpolation=cv2.INTER_AREA)
    small = (small - small.mean()).ravel()
    return np.asarray(small / max(float(np.linalg.norm(small)), 1e-6), np.float32)
