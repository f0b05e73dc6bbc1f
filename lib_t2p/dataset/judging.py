"""Whether a photo can be used, one photo at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib_t2p.dataset import reasons
from lib_t2p.dataset.crop_planning import CropFault, PhotoFaces, PlannedCrop, plan_crops
from lib_t2p.dataset.cropping import Crop
from lib_t2p.dataset.grading import notes_of, score_of
from lib_t2p.dataset.looks import Look
from lib_t2p.dataset.manifest import PhotoDecision
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_choices import PhotoChoices
from lib_t2p.dataset.photo_report import PhotoReport, SeenFace
from lib_t2p.dataset.reasons import Code
from lib_t2p.dataset.subject import Subject
from lib_t2p.dataset.thresholds import FaceNumbers, face_fault
from lib_t2p.vision import containment

BRIGHT_PICTURE = 195.0
"""Mean grey level of a whole picture above which a face may be lost in the light; ordinary photos
have 90 to 150."""
BLURRED_PICTURE = 14.0
"""Sharpness of the sharpest part of a picture below which a face may be lost in the blur; see
`picture_sharpness`. Fixed on seed 1 of the made photos, between blurred and moved ones."""
DOUBTFUL = 0.7
"""Detector score below which a face that is like nobody's is taken for none. Measured: patterns in
pictures without people 0.64 to 0.68, faces that are lit well from 0.72."""
OVERLAP = 0.5
"""Boxes that overlap the person's by this share are the same face seen twice."""


@dataclass(frozen=True)
class PhotoCandidate:
    """A photo that may be used.

    Attributes:
        report: what was seen.
        seen: the person's face in it.
        crop: what of it to use.
        distance: median distance to the person in the other photos.
        planned: all pictures that it gives, the one of `crop` first.
        is_put_back: the person wants it, whatever else is there.
    """

    report: PhotoReport
    seen: SeenFace
    crop: Crop
    distance: float
    planned: tuple[PlannedCrop, ...] = ()
    is_put_back: bool = False

    @property
    def look(self) -> Look:
        """What counts when photos are chosen."""
        report, seen = self.report, self.seen
        side = max(1, min(report.width, report.height))
        return Look(
            photo=report.photo,
            quality=score_of(report, seen),
            distance=float(self.distance),
            yaw=seen.pose.yaw,
            pitch=seen.pose.pitch,
            closeness=float(np.log2(max(seen.face.box.width, 1.0) / side)),
            light=seen.light.mean,
            contrast=seen.light.contrast,
            colours=tuple(report.colours),
            taken=report.taken,
        )

    @property
    def detail(self) -> float:
        """For choosing the better one of two: face width in pixels times root of sharpness."""
        return float(self.seen.face.box.width * np.sqrt(max(self.seen.sharpness, 0.0)))


def judge_photos(
    reports: Sequence[PhotoReport],
    subject: Subject,
    options: DatasetOptions,
    choices: PhotoChoices | None = None,
) -> tuple[list[PhotoCandidate], list[PhotoDecision]]:
    """Part photos that may be used from those left out with a reason."""
    least_sharp = sharpness_limit(reports, subject, options)
    candidates: list[PhotoCandidate] = []
    left_out: list[PhotoDecision] = []
    for report in reports:
        verdict = _judge(report, subject, options, least_sharp, choices or PhotoChoices())
        if isinstance(verdict, PhotoCandidate):
            candidates.append(verdict)
        else:
            left_out.append(verdict)
    return candidates, left_out


def seen_candidates(reports: Sequence[PhotoReport], subject: Subject) -> list[PhotoCandidate]:
    """Every photo in which the person was seen, by name, whether it is good enough or not."""
    found = []
    for report in reports:
        seen = face_of(report, subject)
        if seen is not None:
            box, distance = seen.face.box, subject.distance(seen, report.photo)
            found.append(PhotoCandidate(report, seen, Crop(box.left, box.top, box.width), distance))
    return found


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
        numbers["quality"] = score_of(report, seen)
        numbers["yaw"], numbers["pitch"] = seen.pose.yaw, seen.pose.pitch
        numbers["light"], numbers["contrast"] = seen.light.mean, seen.light.contrast
        numbers["share"] = round(seen.face.box.width / max(1, min(report.width, report.height)), 3)
        numbers["cut"] = seen.cut
    if not report.fault:
        numbers["noise"], numbers["enlarged"] = report.noise, report.enlarged
        numbers["jpeg"], numbers["blocks"] = report.jpeg, report.blocks
    if distance is not None:
        numbers["distance"] = round(distance, 4)
    return numbers


def decision_on(
    report: PhotoReport,
    code: Code,
    reason: str,
    seen: SeenFace | None = None,
    distance: float | None = None,
) -> PhotoDecision:
    """The record of a photo that is left out."""
    return PhotoDecision(
        photo=report.photo,
        state="left_out",
        code=code,
        reason=reason,
        repaired=report.repaired,
        numbers={} if report.fault else numbers_of(report, seen, distance),
        notes=() if report.fault else notes_of(report, seen),
        sha256=report.sha256,
        turn=report.turn,
    )


def photo_faces(report: PhotoReport, seen: SeenFace) -> PhotoFaces:
    """Where the person's face and those of others are."""
    others = tuple(other.face.box for other in other_faces(report, seen))
    return PhotoFaces(report.width, report.height, seen.face.box, others)


def other_faces(report: PhotoReport, seen: SeenFace) -> list[SeenFace]:
    """Faces of other people; a face seen twice is nobody else."""
    return [face for face in report.faces if not _is_same(face, seen)]


def face_numbers(
    report: PhotoReport, subject: Subject, seen: SeenFace, distance: float
) -> FaceNumbers:
    """What the thresholds compare."""
    return FaceNumbers(
        width=seen.face.box.width,
        light=seen.light.mean,
        clipped=seen.light.clipped,
        contrast=seen.light.contrast,
        sharpness=seen.sharpness,
        cut=seen.cut,
        distance=distance,
        is_persons=report.photo in subject.face,
        confirmed=report.photo in subject.confirmed,
        may_lie=report.may_lie,
    )


def _judge(
    report: PhotoReport,
    subject: Subject,
    options: DatasetOptions,
    least_sharp: float,
    choices: PhotoChoices,
) -> PhotoCandidate | PhotoDecision:
    if report.fault:
        return decision_on(report, "corrupt", report.fault)
    seen = face_of(report, subject)
    if seen is None:
        return decision_on(report, *_faceless(report, options))
    distance = subject.distance(seen, report.photo)
    if _is_doubtful(report, seen, subject, distance, options):
        return decision_on(report, *_faceless(report, options), seen, distance)
    if report.photo in choices.left_out:
        return decision_on(report, "excluded", reasons.excluded(), seen, distance)
    is_wanted = report.photo in choices.put_back
    numbers = face_numbers(report, subject, seen, distance)
    fault = None if is_wanted else face_fault(numbers, options, least_sharp)
    if fault is not None:
        return decision_on(report, *fault, seen, distance)
    photo = photo_faces(report, seen)
    planned = plan_crops(photo, options, choices.crops.get(report.photo), must=is_wanted)
    if isinstance(planned, CropFault):
        return decision_on(report, planned.code, planned.reason, seen, distance)
    return PhotoCandidate(report, seen, planned[0].crop, distance, planned, is_wanted)


def _is_doubtful(
    report: PhotoReport, seen: SeenFace, subject: Subject, distance: float, options: DatasetOptions
) -> bool:
    """Whether the detector saw a face that is probably none, and nobody vouches for it."""
    vouched = {*subject.confirmed, *(subject.face if distance <= options.same_person else ())}
    return seen.face.score < DOUBTFUL and report.photo not in vouched


def _faceless(report: PhotoReport, options: DatasetOptions) -> tuple[Code, str]:
    """Why no face was found, where the picture's light, sharpness or turn tells."""
    code, reason = _unseen(report, options)
    return code, reasons.with_turn_hint(reason) if report.may_lie else reason


def _unseen(report: PhotoReport, options: DatasetOptions) -> tuple[Code, str]:
    light = report.light
    if light.contrast < options.least_contrast:
        return "flat", reasons.no_face_in_flat(light.contrast)
    if light.mean < options.least_light:
        return "dark", reasons.no_face_in_light(light.mean)
    if light.mean > BRIGHT_PICTURE:
        return "bright", reasons.no_face_in_light(light.mean)
    if report.sharpness is not None and report.sharpness < BLURRED_PICTURE:
        return "blurred", reasons.no_face_in_blur(report.sharpness, BLURRED_PICTURE)
    return "no_face", reasons.no_face()


def face_of(report: PhotoReport, subject: Subject) -> SeenFace | None:
    """The person's face, else the largest one; None without any."""
    if not report.faces:
        return None
    return report.faces[subject.face.get(report.photo, 0)]


def _is_same(other: SeenFace, seen: SeenFace) -> bool:
    return other is seen or containment(other.face.box, seen.face.box) > OVERLAP
