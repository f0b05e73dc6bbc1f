"""Parting usable photos into training and held-out ones, honestly: bursts, sessions and variants of
one shot stay together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lib_t2p.dataset.judging import PhotoCandidate
from lib_t2p.dataset.pairs import Matrix, hash_distances, maybe_one_shot, taken_together
from lib_t2p.dataset.selecting import hold_out
from lib_t2p.vision.likeness import SAME_SHOT, shot_likeness

Related = Callable[[Sequence[PhotoCandidate]], Matrix]
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


def group_photos(candidates: Sequence[PhotoCandidate], *relations: Related) -> Groups:
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

    def related(candidates: Sequence[PhotoCandidate]) -> Matrix:
        return np.asarray((hash_distances(candidates) <= bits) | taken_together(candidates))

    return related


def is_same_shot(candidates: Sequence[PhotoCandidate]) -> Matrix:
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


@dataclass(frozen=True)
class Split:
    """Who is trained on and who is not.

    Attributes:
        kept, held_out: photos by name.
        groups: what was held together.
        shares_shots: a held-out photo is a variant of a training photo.
    """

    kept: tuple[PhotoCandidate, ...]
    held_out: tuple[PhotoCandidate, ...]
    groups: Groups
    shares_shots: bool


@dataclass(frozen=True)
class Groupings:
    """Photos that are held together, in two ways.

    Attributes:
        strict: bursts, sessions and variants of one shot.
        loose: bursts and sessions alone.
    """

    strict: Groups
    loose: Groups

    def numbers_of(self, photo: str) -> tuple[int, int]:
        """Numbers of a photo's groups, strict and loose; 0 when it was not among those grouped."""
        return self.strict.of.get(photo, 0), self.loose.of.get(photo, 0)


def group_seen(seen: Sequence[PhotoCandidate], same_burst_bits: int) -> Groupings:
    """Group all photos that show the person, those too that are not good enough to be used:
    the blurred one in the middle joins a burst as well as any."""
    is_related = is_burst(same_burst_bits)
    return Groupings(group_photos(seen, is_related, is_same_shot), group_photos(seen, is_related))


def split_photos(
    candidates: Sequence[PhotoCandidate], groupings: Groupings, asked: int | None
) -> Split:
    """Hold out photos by group.

    Variants of one shot stay together as bursts do. Where that leaves too few groups to hold out
    enough photos (all photos are variants of one shot), bursts alone are held together and
    `shares_shots` says so.

    Args:
        candidates: photos that may be used, by name.
        groupings: of `group_seen`.
        asked: how many to hold out, see `selecting.held_out_count`.
    """
    looks = [candidate.look for candidate in candidates]
    groups = (groupings.strict, groupings.loose)
    names, number = hold_out(looks, [grouping.of for grouping in groups], asked)
    held_out = tuple(c for c in candidates if c.report.photo in names)
    kept = tuple(c for c in candidates if c.report.photo not in names)
    return Split(kept, held_out, groups[number], number > 0 and _share_shots(held_out, kept))


def _share_shots(held_out: Sequence[PhotoCandidate], kept: Sequence[PhotoCandidate]) -> bool:
    shots = is_same_shot([*held_out, *kept])
    return bool(shots[: len(held_out), len(held_out) :].any())
