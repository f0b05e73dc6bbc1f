"""What a build would do with each photo, told at once while sliders move: no model is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from lib_t2p.dataset import reasons
from lib_t2p.dataset.crop_planning import CropFault, PhotoFaces, PlannedCrop, plan_crops
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_choices import PhotoChoices
from lib_t2p.dataset.reasons import Code
from lib_t2p.dataset.selecting import choose_wanted, hold_out
from lib_t2p.dataset.survey import Survey, SurveyedPhoto
from lib_t2p.dataset.thresholds import face_fault

Outcome = Literal["used", "held_out", "left_out"]


@dataclass(frozen=True)
class PhotoOutlook:
    """What would become of one photo.

    Attributes:
        photo: as surveyed.
        outcome: `used` for training, `held_out` for scoring only, or `left_out`.
        code, reason: why it is left out.
        crops: pictures that it would give, the main one first.
        by_choice: the person themselves left it out or put it back.
    """

    photo: SurveyedPhoto
    outcome: Outcome
    code: Code = ""
    reason: str = ""
    crops: tuple[PlannedCrop, ...] = ()
    by_choice: bool = False

    @property
    def quality(self) -> float:
        """0 to 100; 0 without a face."""
        return float(self.photo.shown.get("quality", 0.0))


def outlook(
    survey: Survey, options: DatasetOptions, choices: PhotoChoices
) -> tuple[PhotoOutlook, ...]:
    """Judge all photos by name, as a build does: what is used, held out and left out.

    Twins and groups are those of the usual options. A survey that an older version wrote does not
    tell which photos differ: there all that are good enough count as used.

    Args:
        survey: what was seen.
        options: thresholds, framing, shape, how many are wanted and held out.
        choices: what the person decided.
    """
    least_sharp = _sharpness_limit(survey, options)
    judged = [_judge(photo, options, choices, least_sharp) for photo in survey.photos]
    return tuple(_selected(_without_twins(judged), options))


def counts_of(found: Sequence[PhotoOutlook]) -> dict[str, int]:
    """How many are used and held out, and how many are left out for which code."""
    counts = Counter(one.code or one.outcome for one in found)
    used, held_out = counts.pop("used", 0), counts.pop("held_out", 0)
    return {"used": used, "held_out": held_out, **dict(counts.most_common())}


def _sharpness_limit(survey: Survey, options: DatasetOptions) -> float:
    values = [p.numbers.sharpness for p in survey.photos if p.numbers and p.numbers.is_persons]
    middle = median(values) if values else 0.0
    return max(options.least_sharpness, options.least_relative_sharpness * middle)


def _judge(
    photo: SurveyedPhoto, options: DatasetOptions, choices: PhotoChoices, least_sharp: float
) -> PhotoOutlook:
    if photo.fault:
        return PhotoOutlook(photo, "left_out", "corrupt", photo.fault)
    if photo.faceless is not None:
        return PhotoOutlook(photo, "left_out", *photo.faceless)
    if photo.numbers is None or photo.face is None:
        return PhotoOutlook(photo, "left_out", "no_face", reasons.no_face())
    if photo.photo in choices.left_out:
        return PhotoOutlook(photo, "left_out", "excluded", reasons.excluded(), by_choice=True)
    must = photo.photo in choices.put_back
    fault = None if must else face_fault(photo.numbers, options, least_sharp)
    if fault is not None:
        return PhotoOutlook(photo, "left_out", *fault)
    others = tuple(photo.box(number) for number in photo.others)
    faces = PhotoFaces(photo.width, photo.height, photo.box(photo.face), others)
    planned = plan_crops(faces, options, choices.crops.get(photo.photo), must=must)
    if isinstance(planned, CropFault):
        return PhotoOutlook(photo, "left_out", planned.code, planned.reason)
    return PhotoOutlook(photo, "used", crops=planned, by_choice=must)


def _without_twins(judged: Sequence[PhotoOutlook]) -> list[PhotoOutlook]:
    """Of one picture that is there several times, the one of most detail stays."""
    best_first = sorted(judged, key=lambda one: (-one.photo.detail, one.photo.photo))
    kept: set[str] = set()
    dropped: dict[str, str] = {}
    for one in best_first:
        twin = next((name for name in one.photo.twins if name in kept), None)
        if one.outcome == "used" and twin is not None and not one.by_choice:
            dropped[one.photo.photo] = twin
        elif one.outcome == "used":
            kept.add(one.photo.photo)
    return [
        replace(
            one,
            outcome="left_out",
            code="near_duplicate",
            reason=reasons.near_duplicate(dropped[one.photo.photo], mirrored=False),
            crops=(),
        )
        if one.photo.photo in dropped
        else one
        for one in judged
    ]


def _selected(judged: Sequence[PhotoOutlook], options: DatasetOptions) -> list[PhotoOutlook]:
    """Leave out what is more than wanted, and hold some out."""
    usable = [one for one in judged if one.outcome == "used"]
    looks = [one.photo.look for one in usable if one.photo.look is not None]
    if len(looks) < len(usable):
        return list(judged)
    put_back = [one.photo.photo for one in usable if one.by_choice]
    wanted = choose_wanted(looks, options.wanted, put_back)
    groupings = [{one.photo.photo: one.photo.groups[n] for one in usable} for n in (0, 1)]
    chosen = [look for look in looks if look.photo in wanted]
    held_out, _ = hold_out(chosen, groupings, options.held_out)
    return [_with_fate(one, wanted, held_out, options) for one in judged]


def _with_fate(
    one: PhotoOutlook, wanted: Collection[str], held_out: Collection[str], options: DatasetOptions
) -> PhotoOutlook:
    if one.outcome != "used":
        return one
    if one.photo.photo in held_out:
        return replace(one, outcome="held_out")
    if one.photo.photo in wanted:
        return one
    reason = reasons.not_needed(options.wanted or len(wanted))
    return replace(one, outcome="left_out", code="not_needed", reason=reason, crops=())
