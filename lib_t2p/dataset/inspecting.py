"""Looking at every photo once: faces, identities, sharpness, hashes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib_t2p.dataset.sources import photo_files
from lib_t2p.errors import InputError, PhotoError
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.vision.boxes import moved
from lib_t2p.vision.hashes import PictureHashes, hash_picture
from lib_t2p.vision.images import OpenedPhoto, open_photo
from lib_t2p.vision.results import Embedding, Face, Picture
from lib_t2p.vision.same_shot import Chip, face_chip
from lib_t2p.vision.sharpness import face_sharpness
from lib_t2p.vision.tools import VisionTools
from lib_t2p.workspace import PersonFolder

INSPECT_SIDE = 2048
"""Photos are looked at with at most this longest side, pixels."""
MOST_FACES = 6
"""Faces per photo that are identified, the largest ones."""
LEAST_SHARE = 0.35
"""Smaller faces, as a share of the largest one's width, are passers-by."""


@dataclass(frozen=True)
class SeenFace:
    """A face of a photo.

    Attributes:
        face: in pixels of the upright photo in full size.
        embedding: its identity.
        sharpness: see `face_sharpness`.
        chip: for telling whether two faces are of one shot.
    """

    face: Face
    embedding: Embedding
    sharpness: float
    chip: Chip


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
    """

    photo: str
    fault: str = ""
    width: int = 0
    height: int = 0
    repaired: tuple[str, ...] = ()
    taken: str = ""
    hashes: PictureHashes | None = None
    faces: tuple[SeenFace, ...] = ()


def inspect_photos(
    person: PersonFolder, tools: VisionTools, reporter: Reporter
) -> list[PhotoReport]:
    """Look at all photos of a person, one in memory at a time.

    Raises:
        InputError: there is no photo.
        StopRequested: the person asked to stop.
    """
    files = photo_files(person)
    if not files:
        raise InputError(f"There are no photos in {person.photos}: import some first.")
    reporter.phase("faces")
    reports = []
    for done, path in enumerate(files):
        reporter.progress(done, len(files), "photo")
        reporter.check_stop()
        reports.append(inspect_photo(path, tools))
    reporter.progress(len(files), len(files), "photo")
    return reports


def inspect_photo(path: Path, tools: VisionTools) -> PhotoReport:
    """Look at one photo; one that cannot be opened gives a report with its fault."""
    try:
        opened = open_photo(path, INSPECT_SIDE)
    except PhotoError as error:
        return PhotoReport(path.name, fault=str(error))
    return PhotoReport(
        photo=path.name,
        width=opened.width,
        height=opened.height,
        repaired=opened.repaired,
        taken=opened.taken,
        hashes=hash_picture(opened.picture),
        faces=_faces(opened, tools),
    )


def _faces(opened: OpenedPhoto, tools: VisionTools) -> tuple[SeenFace, ...]:
    found = tools.detector.detect(opened.picture)
    large = [f for f in found if f.box.width >= LEAST_SHARE * found[0].box.width]
    return tuple(_seen(opened, face, tools) for face in large[:MOST_FACES])


def _seen(opened: OpenedPhoto, face: Face, tools: VisionTools) -> SeenFace:
    picture: Picture = np.ascontiguousarray(opened.picture)
    return SeenFace(
        face=moved(face, 1 / opened.scale, 0, 0),
        embedding=tools.embedder.embed(picture, face),
        sharpness=face_sharpness(picture, face),
        chip=face_chip(picture, face),
    )
