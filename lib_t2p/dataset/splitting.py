"""Parting usable photos into training and held-out ones, honestly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib_t2p.dataset.choosing import choose_held_out, held_out_count
from lib_t2p.dataset.groups import Groups, group_photos, is_burst, is_same_shot
from lib_t2p.dataset.judging import Candidate
from lib_t2p.dataset.options import DatasetOptions


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


def split_photos(candidates: Sequence[Candidate], options: DatasetOptions) -> Split:
    """Hold out photos by group.

    Variants of one shot stay together as bursts do. Where that leaves too few groups to hold out
    enough photos (all photos are variants of one shot), bursts alone are held together and
    `shares_shots` says so.
    """
    count = held_out_count(len(candidates), options.held_out)
    is_related = is_burst(options.same_burst_bits)
    strict = group_photos(candidates, is_related, is_same_shot)
    held_out = choose_held_out(candidates, strict, count)
    if len(held_out) >= count:
        return _split(candidates, held_out, strict, shares_shots=False)
    loose = group_photos(candidates, is_related)
    held_out = choose_held_out(candidates, loose, count)
    names = {c.report.photo for c in held_out}
    kept = [c for c in candidates if c.report.photo not in names]
    shots = is_same_shot([*held_out, *kept])[: len(held_out), len(held_out) :]
    return _split(candidates, held_out, loose, shares_shots=bool(shots.any()))


def _split(
    candidates: Sequence[Candidate],
    held_out: tuple[Candidate, ...],
    groups: Groups,
    *,
    shares_shots: bool,
) -> Split:
    names = {c.report.photo for c in held_out}
    kept = tuple(c for c in candidates if c.report.photo not in names)
    return Split(kept, held_out, groups, shares_shots)
