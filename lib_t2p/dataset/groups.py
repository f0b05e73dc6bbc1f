"""Which photos belong together: bursts, one sitting, variants of one shot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from lib_t2p.dataset.judging import Candidate
from lib_t2p.vision.hashes import distance, mirror_distance
from lib_t2p.vision.same_shot import SAME_SHOT, shot_likeness

BURST_SECONDS = 120
"""Photos taken within this time of one another are of one sitting."""
SHOT_DISTANCE = 0.4
"""Faces of one shot are nearer than this; it saves comparing the others in detail."""

Related = Callable[[Candidate, Candidate], bool]


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


def group_photos(candidates: Sequence[Candidate], are_related: Related) -> Groups:
    """Join photos that are related, directly or through others."""
    parent = list(range(len(candidates)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for i, a in enumerate(candidates):
        for j in range(i):
            if root(i) != root(j) and are_related(candidates[j], a):
                low, high = sorted((root(i), root(j)))
                parent[high] = low
    numbers: dict[int, int] = {}
    return Groups(
        {
            c.report.photo: numbers.setdefault(root(i), len(numbers) + 1)
            for i, c in enumerate(candidates)
        }
    )


def is_burst(bits: int) -> Related:
    """Related when hashes differ in at most `bits` bits, or taken within two minutes."""

    def related(a: Candidate, b: Candidate) -> bool:
        return _look_alike(a, b, bits) or _taken_together(a.report.taken, b.report.taken)

    return related


def is_same_shot(a: Candidate, b: Candidate) -> bool:
    """Whether two photos are cut from one shot, however lit, turned or mirrored."""
    if np.linalg.norm(a.seen.embedding - b.seen.embedding) > SHOT_DISTANCE:
        return False
    return shot_likeness(a.seen.chip, b.seen.chip) >= SAME_SHOT


def _look_alike(a: Candidate, b: Candidate, bits: int) -> bool:
    one, other = a.report.hashes, b.report.hashes
    if one is None or other is None:
        return False
    return min(distance(one, other), mirror_distance(one, other)) <= bits


def _taken_together(a: str, b: str) -> bool:
    one, other = _time(a), _time(b)
    if one is None or other is None:
        return False
    return abs((one - other).total_seconds()) <= BURST_SECONDS


def _time(taken: str) -> datetime | None:
    try:
        # Cameras write local time; only differences count here, so any zone will do.
        return datetime.strptime(f"{taken[:19]} +0000", "%Y:%m:%d %H:%M:%S %z")
    except ValueError:
        return None
