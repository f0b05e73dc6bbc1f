"""Which pictures of the class may be used, and writing them into a version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib_t2p.dataset.crop_planning import CropFault, PhotoFaces, PlannedCrop, plan_crops, sides_of
from lib_t2p.dataset.enlarging import with_lanczos
from lib_t2p.dataset.inspecting import inspect_photos
from lib_t2p.dataset.judging import other_faces
from lib_t2p.dataset.manifest import ClassCrop
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.photo_report import PhotoReport
from lib_t2p.dataset.subject import Subject
from lib_t2p.errors import InputError
from lib_t2p.jobs.events import Reporter
from lib_t2p.vision.faces import VisionTools
from lib_t2p.vision.photo_files import open_photo, save_png
from lib_t2p.workspace import DatasetFolder, PersonFolder, PhotoSet

PHOTOS = "photos"
"""Value of the option `regularisation` that stands for the imported class photos."""
MARGIN = 0.05
"""Faces within so much above the limit of identity are left out too: better one picture too few
than the person among those the trainer is to tell them from."""


@dataclass(frozen=True)
class ClassPicture:
    """A picture of the class that may be used.

    Attributes:
        photo: its name in the set.
        sha256: of the file, hexadecimal.
        planned: what of it.
        turn: see `PhotoReport`.
    """

    photo: str
    sha256: str
    planned: PlannedCrop
    turn: int = 0


@dataclass(frozen=True)
class ClassPictures:
    """What of a set may be used.

    Attributes:
        folder: the set.
        used: pictures by name.
        refused: name and reason of the others.
    """

    folder: PhotoSet
    used: tuple[ClassPicture, ...]
    refused: tuple[tuple[str, str], ...]


def set_of(person: PersonFolder, name: str) -> PhotoSet:
    """The set that an option names.

    Raises:
        InputError: it has no pictures.
    """
    folder = person.class_photos if name == PHOTOS else person.workspace.painted_class(name)
    if not folder.photos.is_dir() or not any(folder.photos.iterdir()):
        raise InputError(
            f"There are no regularisation images ({name}): import class photos or paint some with "
            f"`t2p.py dataset reg {person.slug}`, or build without."
        )
    return folder


def choose_class_pictures(
    folder: PhotoSet,
    subject: Subject,
    options: DatasetOptions,
    tools: VisionTools,
    reporter: Reporter,
) -> ClassPictures:
    """Look at the pictures of a set: one face each, and not the person's.

    Raises:
        InputError: the set is empty.
        StopRequested: the person asked to stop.
    """
    reporter.phase("regularisation images")
    used: list[ClassPicture] = []
    refused: list[tuple[str, str]] = []
    known = np.stack(list(subject.embeddings.values())) if subject.embeddings else None
    for report in inspect_photos(folder, tools, reporter):
        found = _judge(report, known, options)
        if isinstance(found, ClassPicture):
            used.append(found)
        else:
            refused.append((report.photo, found))
    return ClassPictures(folder, tuple(used), tuple(refused))


def draw_class_pictures(
    part: DatasetFolder, class_word: str, found: ClassPictures, wanted: int, reporter: Reporter
) -> tuple[ClassCrop, ...]:
    """Write at most `wanted` pictures into kohya's folder; gives what was written.

    Raises:
        WorkspaceError: the disk is full.
        StopRequested: the person asked to stop.
    """
    target = part.reg / f"1_{class_word}"
    chosen = found.used[:wanted]
    written = []
    for number, one in enumerate(chosen, 1):
        reporter.progress(number - 1, len(chosen), "regularisation image")
        reporter.check_stop()
        path = target / f"{number:04d}.png"
        draw_class_picture(found.folder, one.photo, one.planned, path, one.turn)
        file, box = path.relative_to(part.root).as_posix(), sides_of(one.planned.crop.box)
        written.append(ClassCrop(one.photo, one.sha256, file, box, one.planned.size, one.turn))
    return tuple(written)


def draw_class_picture(
    folder: PhotoSet, photo: str, planned: PlannedCrop, target: Path, turn: int = 0
) -> None:
    """Write one picture of a set; raises `PhotoError` when it cannot be read."""
    save_png(with_lanczos(open_photo(folder.photos / photo, turn=turn), planned).picture, target)


def _judge(
    report: PhotoReport, known: NDArray[np.float32] | None, options: DatasetOptions
) -> ClassPicture | str:
    if report.fault:
        return report.fault
    if not report.faces:
        return "No face was found."
    seen = report.faces[0]
    others = other_faces(report, seen)
    if others:
        return f"There are {len(others) + 1} faces."
    apart = _distance(seen.embedding, known)
    if apart <= options.same_person + MARGIN:
        return f"The face is the person's (distance {apart:.2f})."
    faces = PhotoFaces(report.width, report.height, seen.face.box)
    planned = plan_crops(faces, options)
    if isinstance(planned, CropFault):
        return planned.reason
    return ClassPicture(report.photo, report.sha256, planned[0], report.turn)


def _distance(vector: NDArray[np.float32], known: NDArray[np.float32] | None) -> float:
    if known is None:
        return float("inf")
    return float(np.median(np.linalg.norm(known - vector, axis=1)))
