"""Parting usable photos into training and held-out ones, honestly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.dataset.groups import Groups, group_photos, is_burst, is_same_shot
from lib_t2p.dataset.judging import Candidate
from lib_t2p.dataset.selecting import hold_out


@dataclass(frozen=True)
class Split:
    """Who is trained on and who is not.

    Attributes:
        kept, held_out: photos by name.
        groups: what was held together.
        shares_shots: a held-out photo is a variant of a training photo.
    """

    kept: tuple[Candidate, ...]
    held_out: tuple[Candidate, ...]
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


def group_seen(seen: Sequence[Candidate], same_burst_bits: int) -> Groupings:
    """Group all photos that show the person, those too that are not good enough to be used:
    the blurred one in the middle joins a burst as well as any."""
    is_related = is_burst(same_burst_bits)
    return Groupings(group_photos(seen, is_related, is_same_shot), group_photos(seen, is_related))


def split_photos(candidates: Sequence[Candidate], groupings: Groupings, asked: int | None) -> Split:
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


def _share_shots(held_out: Sequence[Candidate], kept: Sequence[Candidate]) -> bool:
    shots = is_same_shot([*held_out, *kept])
    return bool(shots[: len(held_out), len(held_out) :].any())
