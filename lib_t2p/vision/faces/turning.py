"""Whether a photo lies on its side or upside down, told by the faces in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from lib_t2p.vision.faces.pose import head_pose
from lib_t2p.vision.results import Face, FaceDetector, Picture

TURNS = (90, 180, 270)
"""Degrees clockwise."""
SURE = 0.82
"""Detector score from which a face stands upright. Measured on the made photos: upright 0.84 to
0.95, on the side 0.66 to 0.81 or not found, upside down not found."""
MOST_ROLL = 30.0
"""Degrees up to which a head leans in an upright photo; on the side the detector says 36 to 66."""
LEAST = 0.8
"""Detector score of a face that turns a photo; a cup of coffee upside down has 0.77, faces that
are lit well mostly 0.84 and more."""
PERHAPS = 0.7
"""Detector score of a face that turns no photo and still says that it may not stand upright; what
is no face mostly has less."""
BETTER = 0.08
"""By so much it must be surer than a face that does not lie on its side."""
LOOK_SIDE = 476
"""Longest side at which turned pictures are looked at, pixels."""


@dataclass(frozen=True)
class Turn:
    """What the faces say of how a photo lies.

    Attributes:
        degrees: clockwise by which it must be turned so that its faces are upright; mostly 0.
        may_lie: nothing is sure enough to turn it, and yet it may not stand upright.
    """

    degrees: int = 0
    may_lie: bool = False


def turned(picture: Picture, turn: int) -> Picture:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(picture, -turn // 90)) if turn else picture


def turn_of(picture: Picture, faces: Sequence[Face], detector: FaceDetector) -> Turn:
    """How a photo must be turned so that its faces are upright.

    Only photos without a face that is surely upright are looked at again, and only a face that is
    surer, upright and about as large turns them.

    Args:
        picture: as it lies in the file, its EXIF turn made.
        faces: found in it, largest first.
        detector: that found them.
    """
    if any(_is_upright(face) for face in faces):
        return Turn()
    small = _reduced(picture)
    scale = small.shape[1] / picture.shape[1]
    least_width = 0.7 * scale * max((face.box.width for face in faces), default=0.0)
    least_score = max([PERHAPS, *(_to_beat(face) for face in faces)])
    best = (0.0, 0)
    for turn in TURNS:
        for face in detector.detect(turned(small, turn))[:1]:
            is_better = face.score >= least_score and face.box.width >= least_width
            if is_better and _leans_little(face):
                best = max(best, (face.score, turn))
    if best[0] >= LEAST:
        return Turn(best[1])
    return Turn(may_lie=best[0] > 0 or not all(_leans_little(face) for face in faces[:1]))


def _is_upright(face: Face) -> bool:
    return face.score >= SURE and _leans_little(face)


def _to_beat(face: Face) -> float:
    return face.score + BETTER if _leans_little(face) else face.score


def _leans_little(face: Face) -> bool:
    return abs(head_pose(face).roll) <= MOST_ROLL


def _reduced(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    scale = LOOK_SIDE / max(width, height)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
