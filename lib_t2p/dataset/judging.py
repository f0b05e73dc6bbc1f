"""Whether a photo can be used, one photo at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib_t2p.dataset import reasons
from lib_t2p.dataset.cropping import Crop, plan_crop
from lib_t2p.dataset.inspecting import PhotoReport, SeenFace
from lib_t2p.dataset.manifest import PhotoDecision
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.reasons import Code
from lib_t2p.dataset.subject import Subject
from lib_t2p.vision.boxes import containment

OVERLAP = 0.5
"""Boxes that overlap the person's by this share are the same face seen twice."""


@dataclass(frozen=True)
class Candidate:
    """A photo that may be used.

    Attributes:
        report: what was seen.
        seen: the person's face in it.
        crop: what of it to use.
        distance: median distance to the person in the other photos.
    """

    report: PhotoReport
    seen: SeenFace
    crop: Crop
    distance: float

    @property
    def detail(self) -> float:
        """For choosing the better one of two: face width in pixels times root of sharpness."""
        return float(self.seen.face.box.width * np.sqrt(max(self.seen.sharpness, 0.0)))


def judge_photos(
    reports: Sequence[PhotoReport], subject: Subject, options: DatasetOptions
) -> tuple[list[Candidate], list[PhotoDecision]]:
    """Part photos that may be used from those left out with a reason."""
    least_sharp = sharpness_limit(reports, subject, options)
    candidates: list[Candidate] = []
    left_out: list[PhotoDecision] = []
    for report in reports:
        verdict = _judge(report, subject, options, least_sharp)
        if isinstance(verdict, Candidate):
            candidates.append(verdict)
        else:
            left_out.append(verdict)
    return candidates, left_out


def sharpness_limit(
    reports: Sequence[PhotoReport], subject: Subject, options: DatasetOptions
) -> float:
    """The sharpness below which a face is blurred: fixed, or a share of the photos' median."""
    values = [r.faces[subject.face[r.photo]].sharpness for r in reports if r.photo in subject.face]
    middle = float(np.median(values)) if values else 0.0
    return max(options.least_sharpness, options.least_relative_sharpness * middle)


def numbers_of(
    report: PhotoReport, seen: SeenFace | None = None, distance: float | None = None
) -> dict[str, float]:
    """The numbers of a decision; see `PhotoDecision`."""
    numbers: dict[str, float] = {
        "width": report.width,
        "height": report.height,
        "faces": len(report.faces),
    }
    if seen is not None:
        numbers["face"] = round(seen.face.box.width, 1)
        numbers["score"] = round(seen.face.score, 3)
        numbers["sharpness"] = round(seen.sharpness, 2)
    if distance is not None:
        numbers["distance"] = round(distance, 4)
    return numbers


def _judge(
    report: PhotoReport, subject: Subject, options: DatasetOptions, least_sharp: float
) -> Candidate | PhotoDecision:
    if report.fault:
        return PhotoDecision(report.photo, "left_out", "corrupt", report.fault)
    seen = _face_of(report, subject)
    if seen is None:
        return _left_out(report, None, None, "no_face", reasons.no_face())
    distance = subject.distance(seen, report.photo)
    fault = _face_fault(report, subject, seen, distance, options, least_sharp)
    if fault is not None:
        return _left_out(report, seen, distance, *fault)
    others = [f.face.box for f in report.faces if not _is_same(f, seen)]
    crop = plan_crop(report.width, report.height, seen.face.box, others, options.framing)
    if crop is None:
        sentence = reasons.several_people(len(others) + 1)
        return _left_out(report, seen, distance, "several_people", sentence)
    if options.resolution > options.most_enlarging * crop.side:
        sentence = reasons.crop_too_small(crop.side, options.resolution, options.most_enlarging)
        return _left_out(report, seen, distance, "too_small", sentence)
    return Candidate(report, seen, crop, distance)


def _face_of(report: PhotoReport, subject: Subject) -> SeenFace | None:
    if not report.faces:
        return None
    return report.faces[subject.face.get(report.photo, 0)]


def _face_fault(
    report: PhotoReport,
    subject: Subject,
    seen: SeenFace,
    distance: float,
    options: DatasetOptions,
    least_sharp: float,
) -> tuple[Code, str] | None:
    width = seen.face.box.width
    is_blurred = seen.sharpness < least_sharp
    # Size and blur come first: identities of such faces cannot be trusted.
    if width < options.least_face:
        return "too_small", reasons.face_too_small(width, options.least_face)
    if is_blurred:
        return "blurred", reasons.blurred(seen.sharpness, least_sharp)
    if report.photo not in subject.face or distance > options.same_person:
        return "other_person", reasons.other_person(distance, options.same_person)
    return None


def _is_same(other: SeenFace, seen: SeenFace) -> bool:
    return other is seen or containment(other.face.box, seen.face.box) > OVERLAP


def _left_out(
    report: PhotoReport, seen: SeenFace | None, distance: float | None, code: Code, reason: str
) -> PhotoDecision:
    numbers = numbers_of(report, seen, distance)
    return PhotoDecision(report.photo, "left_out", code, reason, report.repaired, numbers)
