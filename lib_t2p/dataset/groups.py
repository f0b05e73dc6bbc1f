"""Which photos belong together: bursts, one session, variants of one shot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lib_t2p.dataset.judging import Candidate
from lib_t2p.dataset.pairs import Matrix, hash_distances, maybe_one_shot, taken_together
from lib_t2p.vision.likeness import SAME_SHOT, shot_likeness

Related = Callable[[Sequence[Candidate]], Matrix]
"""Which pairs are related; gives a matrix of shape (n, n)."""


@dataclass(frozen=True)
class Groups:
    """Numbered groups.

    Attributes:
        of: photo name to group number, counted from 1 in the order of names.
    """

    of: dict[str, int]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(set(self.of.values()))


def group_photos(candidates: Sequence[Candidate], *relations: Related) -> Groups:
    """Join photos that are related in any way, directly or through others."""
    parent = list(range(len(candidates)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    related = np.zeros((len(candidates), len(candidates)), bool)
    for relation in relations if candidates else ():
        related |= relation(candidates)
    for i, j in np.argwhere(np.tril(related, -1)):
        low, high = sorted((root(int(i)), root(int(j))))
        parent[high] = low
    numbers: dict[int, int] = {}
    return Groups(
        {
            c.report.photo: numbers.setdefault(root(i), len(numbers) + 1)
            for i, c in enumerate(candidates)
        }
    )


def is_burst(bits: int) -> Related:
    """Related when hashes differ in at most `bits` bits, or taken within two minutes, or within
    two hours in the same clothes."""

    def related(candidates: Sequence[Candidate]) -> Matrix:
        return np.asarray((hash_distances(candidates) <= bits) | taken_together(candidates))

    return related


def is_same_shot(candidates: Sequence[Candidate]) -> Matrix:
    """Which pairs are cut from one shot, however lit, turned or mirrored.

    Pairs that are joined through others already are not compared any more.
    """
    shot = np.arange(len(candidates))
    for i, j in np.argwhere(np.tril(maybe_one_shot(candidates), -1)):
        if shot[i] == shot[j]:
            continue
        chips = candidates[int(i)].seen.chip, candidates[int(j)].seen.chip
        if shot_likeness(*chips) >= SAME_SHOT:
            shot[shot == shot[i]] = shot[j]
    return np.asarray(shot[:, None] == shot[None])
