"""Which pictures are kept."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.ranges import number_text, within

MOST_DISTANCE = 2.0
"""Two embeddings of length 1 are never farther apart."""


@dataclass(frozen=True)
class KeepRule:
    """What a picture must be to be kept.

    Attributes:
        most_distance: to the held-out photos, in the embedder's unit, 0 to 2; lower is closer.
            None takes the distance below which the embedder speaks of the same person.
        least_training: distance to the nearest training photo, below which a picture counts as
            memorised. None takes how near real photos are to each other.
        one_face: exactly one face, else at least one.
        everything: keep every picture, whatever its numbers.
    """

    most_distance: float | None = None
    least_training: float | None = None
    one_face: bool = True
    everything: bool = False


@dataclass(frozen=True)
class Yardstick:
    """What the numbers of a picture are held against.

    Attributes:
        same_person: distances below this usually are the same person; None when no photos were
            compared with.
        memorised: distance to a training photo below which a picture counts as memorised; None
            when that cannot be judged.
    """

    same_person: float | None = None
    memorised: float | None = None


@dataclass(frozen=True)
class PictureScore:
    """Numbers of one picture; those that were not measured are None.

    Attributes:
        id: of the picture.
        print: SHA-256 of the scored file.
        faces: faces found; the largest one is measured.
        distance: mean distance to the held-out photos.
        nearest_training: distance to the nearest training photo.
        sharpness: of the face, in the unit of `vision.sharpness`.
    """

    id: str
    print: str
    faces: int
    distance: float | None = None
    nearest_training: float | None = None
    sharpness: float | None = None


def rule_faults(rule: KeepRule) -> list[str]:
    """Name what cannot be a limit."""
    return [
        f"{name} is {number_text(value)}: it goes from 0 to {MOST_DISTANCE:g}"
        for name in ("most_distance", "least_training")
        if (value := getattr(rule, name)) is not None and not within(value, 0, MOST_DISTANCE)
    ]


def objections(score: PictureScore, rule: KeepRule, yardstick: Yardstick) -> list[str]:
    """Why a picture goes to the bin; empty for one that is kept. What was not judged is no
    objection."""
    if rule.everything:
        return []
    if not score.faces:
        return ["no face found"]
    found = []
    if rule.one_face and score.faces > 1:
        found.append(f"{score.faces} faces")
    most = yardstick.same_person if rule.most_distance is None else rule.most_distance
    if most is not None and score.distance is not None and score.distance > most:
        found.append(f"not alike: {score.distance:.2f}, at most {most:.2f}")
    least = yardstick.memorised if rule.least_training is None else rule.least_training
    near = score.nearest_training
    if least is not None and near is not None and near < least:
        found.append(f"copies a training photo: {near:.2f}, at least {least:.2f}")
    return found
