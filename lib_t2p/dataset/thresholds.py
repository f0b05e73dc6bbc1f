"""Whether a face is good enough, by its numbers alone, and a letter for a photo's score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lib_t2p.dataset import reasons
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.reasons import Code


@dataclass(frozen=True)
class FaceNumbers:
    """What the thresholds compare.

    Attributes:
        width: of the face, pixels.
        light: mean grey level, 0 to 255.
        clipped: share of the face that is black or white.
        contrast: grey levels between the 5th and the 95th percentile.
        sharpness: see `vision.sharpness.face_sharpness`.
        cut: share of the face outside the picture.
        distance: to the person's other photos.
        is_persons: whether the face was grouped with the person's.
        confirmed: whether a person said that it is theirs.
        may_lie: see `PhotoReport`.
    """

    width: float
    light: float
    clipped: float
    contrast: float
    sharpness: float
    cut: float
    distance: float
    is_persons: bool
    confirmed: bool = False
    may_lie: bool = False


def face_fault(
    face: FaceNumbers, options: DatasetOptions, least_sharp: float
) -> tuple[Code, str] | None:
    """The first threshold that a face misses, as code and sentence; None when it is good enough.

    Args:
        face: its numbers.
        options: the thresholds.
        least_sharp: see `judging.sharpness_limit`.
    """
    # Size, light and blur come first: identities of such faces cannot be trusted.
    if face.width < options.least_face:
        return "too_small", reasons.face_too_small(face.width, options.least_face)
    if face.light < options.least_light:
        return "dark", reasons.dark(face.light, options.least_light)
    if face.light > options.most_light or face.clipped > options.most_clipped:
        return "bright", reasons.bright(face.light, face.clipped)
    if face.contrast < options.least_contrast:
        return "flat", reasons.flat(face.contrast, options.least_contrast)
    if face.sharpness < least_sharp:
        return "blurred", reasons.blurred(face.sharpness, least_sharp)
    if face.cut > options.most_cut:
        return "cut", reasons.cut(face.cut)
    is_person = face.is_persons and face.distance <= options.same_person
    if not is_person and not face.confirmed:
        reason = reasons.other_person(face.distance, options.same_person)
        return "other_person", reasons.with_turn_hint(reason) if face.may_lie else reason
    return None


Grade = Literal["A", "B", "C", "D"]

GRADES: tuple[tuple[float, Grade], ...] = ((75.0, "A"), (50.0, "B"), (25.0, "C"), (0.0, "D"))


def grade_of(score: float) -> Grade:
    """A letter for a score of 0 to 100."""
    return next(grade for least, grade in GRADES if score >= least)
