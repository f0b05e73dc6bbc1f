"""What was seen in a photo."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lib_t2p.vision import Embedding, Face, Picture
from lib_t2p.vision.faces import FaceLight, HeadPose
from lib_t2p.vision.likeness import Chip, PictureHashes

MIDDLE_LIGHT = FaceLight(128.0, 128.0, 0.0)
FRONTAL = HeadPose()


def _no_patch() -> Picture:
    return np.zeros((0, 0, 3), np.uint8)


@dataclass(frozen=True)
class SeenFace:
    """A face of a photo.

    Attributes:
        face: in pixels of the upright photo in full size.
        embedding: its identity.
        sharpness: see `face_sharpness`.
        chip: for telling whether two faces are of one shot.
        patch: the face in colour at eye distance `vision.same_face.EYES`, for telling whether one
            picture was cut out of the other.
        light, pose: of the face.
        cut: share of the face outside the picture, 0 to 1.
    """

    face: Face
    embedding: Embedding
    sharpness: float
    chip: Chip
    patch: Picture = field(default_factory=_no_patch)
    light: FaceLight = MIDDLE_LIGHT
    pose: HeadPose = FRONTAL
    cut: float = 0.0


@dataclass(frozen=True)
class PhotoReport:
    """What was seen in one photo.

    Attributes:
        photo: file name in the person's folder.
        fault: why it could not be opened, a sentence; empty when it could, and then the rest holds.
        width, height: of the upright photo, pixels.
        repaired: see `OpenedPhoto`.
        taken: EXIF time of the shot, or empty.
        hashes: of the whole picture.
        faces: the larger ones, largest first.
        sha256: of the file.
        jpeg, blocks, noise, enlarged: see `vision.picture_detail`; 0 where not measured.
        light, sharpness: of the whole picture, for photos in which no face can be found;
            sharpness as of `picture_sharpness`, None when there is nothing in the picture.
        text: whether text seems to be written over the picture.
        colours: mean Lab of the picture's four corners and of what lies below the face: where the
            photo was taken and what is worn, roughly.
        profile_failed: see `OpenedPhoto`.
        turn: degrees clockwise by which the photo was turned, since its faces lay on their side;
            sizes and places are those of the turned one.
        may_lie: see `vision.turning.Turn`.
    """

    photo: str
    fault: str = ""
    width: int = 0
    height: int = 0
    repaired: tuple[str, ...] = ()
    taken: str = ""
    hashes: PictureHashes | None = None
    faces: tuple[SeenFace, ...] = ()
    sha256: str = ""
    jpeg: int = 0
    blocks: float = 0.0
    noise: float = 0.0
    enlarged: float = 0.0
    light: FaceLight = MIDDLE_LIGHT
    sharpness: float | None = None
    text: bool = False
    colours: tuple[float, ...] = ()
    profile_failed: bool = False
    turn: int = 0
    may_lie: bool = False
