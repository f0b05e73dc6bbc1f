"""Sorting scored pictures into those that are kept and the bin."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.portraits.places import Place, move_picture, place_of, read_hand
from lib_t2p.portraits.round_scores import all_scores
from lib_t2p.portraits.rule import KeepRule, PictureScore, Yardstick, objections
from lib_t2p.workspace import PortraitsFolder


@dataclass(frozen=True)
class Judged:
    """One picture with what was decided.

    Attributes:
        score: its numbers.
        place: where it lies or is to lie.
        reason: why; empty for one that the rule keeps.
    """

    score: PictureScore
    place: Place
    reason: str


def judge(
    scores: list[PictureScore], rule: KeepRule, yardstick: Yardstick, hand: dict[str, Place]
) -> list[Judged]:
    """Decide on each picture; a choice by hand goes before the rule."""
    judged = []
    for score in scores:
        against = "; ".join(objections(score, rule, yardstick))
        if score.id in hand:
            told = "put there by you" + (f" ({against})" if against else "")
            judged.append(Judged(score, hand[score.id], told))
        else:
            judged.append(Judged(score, "bin" if against else "kept", against))
    return judged


def sort_pictures(folder: PortraitsFolder, rule: KeepRule) -> tuple[int, int]:
    """Move every scored picture to where the rule, or a person's hand, wants it.

    May be called again at any time, with another rule too; a picture that was deleted from the
    bin stays deleted.

    Returns:
        pictures kept and pictures in the bin.
    """
    kept = binned = 0
    for one in judged_pictures(folder, rule):
        if place_of(folder, one.score.id) is None:
            continue
        move_picture(folder, one.score.id, one.place)
        kept, binned = kept + (one.place == "kept"), binned + (one.place == "bin")
    return kept, binned


def judged_pictures(folder: PortraitsFolder, rule: KeepRule) -> list[Judged]:
    """What the rule and the person say of all scored pictures, in painting order."""
    yardstick, scores = all_scores(folder)
    return judge(list(scores), rule, yardstick, read_hand(folder))
