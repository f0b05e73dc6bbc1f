"""Photos and datasets: what the tab, the shell and the API do with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lib_t2p.actions.submitting import dataset_version, known_person, submit_job
from lib_t2p.dataset import (
    DatasetDifference,
    DatasetOptions,
    FaceId,
    Manifest,
    PhotoChoices,
    PhotoOutlook,
    Rectangle,
    Survey,
    difference_of,
    outlook,
    read_choices,
    read_manifest,
    read_survey,
    write_choices,
)
from lib_t2p.errors import InputError
from lib_t2p.jobs import Job
from lib_t2p.workspace import DatasetFolder, PersonFolder, Workspace

Verb = Literal["leave_out", "put_in", "forget"]
VERBS: tuple[Verb, ...] = ("leave_out", "put_in", "forget")
"""Leave photos out, put them in whatever their quality, let their quality decide again."""


@dataclass(frozen=True)
class PhotoState:
    """Where the photos of a person stand.

    Attributes:
        survey: what was seen; None before anybody looked.
        choices: what the person decided.
        photos: what a build would do with each, by name.
        new: photos that were imported after the survey.
    """

    survey: Survey | None
    choices: PhotoChoices
    photos: tuple[PhotoOutlook, ...]
    new: tuple[str, ...]


def submit_inspection(workspace: Workspace, person: str, *, needs: Sequence[str] = ()) -> Job:
    """Look at all photos: faces, people, quality."""
    folder = known_person(workspace, person)
    return submit_job(workspace, "dataset.inspect", {"person": folder.slug}, folder, needs=needs)


def photo_state(
    workspace: Workspace,
    person: str,
    options: DatasetOptions | None = None,
    read: Callable[[PersonFolder], Survey | None] = read_survey,
) -> PhotoState:
    """What a build would do with each photo; no model is loaded.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        options: of the build; the usual ones when None.
        read: gives what was seen in the photos.
    """
    folder = known_person(workspace, person)
    survey, choices = read(folder), read_choices(folder)
    names = _photo_names(folder)
    if survey is None:
        return PhotoState(None, choices, (), names)
    found = outlook(survey, options or DatasetOptions(), choices)
    seen = {photo.photo for photo in survey.photos}
    still = set(names)
    return PhotoState(
        survey,
        choices,
        tuple(one for one in found if one.photo.photo in still),
        tuple(name for name in names if name not in seen),
    )


def choose_person(workspace: Workspace, person: str, face: FaceId) -> PhotoChoices:
    """Say who the dataset is about, by one of their faces.

    Answers about faces of doubt go, since they were about somebody else.
    """
    folder = known_person(workspace, person)
    old = read_choices(folder)
    new = PhotoChoices(face, left_out=old.left_out, put_back=old.put_back)
    write_choices(folder, new)
    return new


def choose_tile(workspace: Workspace, person: str, number: int) -> PhotoChoices:
    """As `choose_person`, by the number of the tile, counted from 1."""
    survey = _surveyed(known_person(workspace, person))
    if not 1 <= number <= len(survey.people):
        raise InputError(
            f"There is no person {number} in the photos: there are 1 to {len(survey.people)}."
        )
    return choose_person(workspace, person, survey.people[number - 1].anchor)


def answer_face(
    workspace: Workspace, person: str, face: FaceId, *, is_person: bool
) -> PhotoChoices:
    """Say whether a face near the border is the person's."""
    folder = known_person(workspace, person)
    return _written(folder, read_choices(folder).answer(face, is_person=is_person))


def decide(workspace: Workspace, person: str, verb: str, photos: Iterable[str]) -> PhotoChoices:
    """Leave photos out, put them in, or forget what was decided; see `VERBS`.

    Raises:
        InputError: there is no such verb or photo.
    """
    folder = known_person(workspace, person)
    choices, named = read_choices(folder), list(photos)
    acts = {"leave_out": choices.leave_out, "put_in": choices.put_in, "forget": choices.forget}
    if verb not in acts:
        raise InputError(f"{verb!r} is no decision: choose one of {', '.join(VERBS)}.")
    return _written(folder, acts[verb](named))


def adjust_crop(
    workspace: Workspace, person: str, photo: str, box: Rectangle | None
) -> PhotoChoices:
    """Use this part of a photo, in pixels of the upright photo; None lets the plan decide again.

    Raises:
        InputError: the box is not inside the photo, or too small.
    """
    folder = known_person(workspace, person)
    turn = 0 if box is None else _turn_inside(folder, photo, box)
    return _written(folder, read_choices(folder).crop(photo, box, turn))


def _turn_inside(folder: PersonFolder, photo: str, box: Rectangle) -> int:
    """How the photo is turned in which a box was chosen; raises `InputError` beyond its edges."""
    survey = read_survey(folder)
    seen = next((one for one in survey.photos if one.photo == photo), None) if survey else None
    if seen is None or seen.fault:
        return 0
    left, top, right, bottom = box
    # A pixel of room: what is drawn in the page is rounded.
    if left < -1 or top < -1 or right > seen.width + 1 or bottom > seen.height + 1:
        raise InputError(
            f"The crop of {photo} reaches beyond the photo, which is {seen.width} x {seen.height} "
            "px: choose a part of it."
        )
    return seen.turn


def compare_versions(
    workspace: Workspace, person: str, first: int, second: int | None = None
) -> DatasetDifference:
    """What differs between two versions; the newest is the second when None.

    Raises:
        InputError: one of them is not there, or the newest was to be compared with itself.
    """
    folder = known_person(workspace, person)
    one, other = dataset_version(folder, first), dataset_version(folder, second)
    if second is None and one == other:
        raise InputError(
            f"Dataset {first} is the newest of {folder.slug}: name another one to compare it with."
        )
    return difference_of(read_manifest(one), read_manifest(other))


def version_of(
    workspace: Workspace, person: str, number: int | None = None
) -> tuple[DatasetFolder, Manifest]:
    """A version with its manifest; the newest when None."""
    folder = dataset_version(known_person(workspace, person), number)
    return folder, read_manifest(folder)


def submit_rebuild(workspace: Workspace, person: str, number: int) -> Job:
    """Draw a version again, exactly as its manifest records it, as the next version."""
    folder = known_person(workspace, person)
    version = dataset_version(folder, number)
    params = {"person": folder.slug, "dataset": version.number}
    return submit_job(workspace, "dataset.rebuild", params, folder)


def options_of_version(manifest: Manifest, changes: Mapping[str, Any]) -> DatasetOptions:
    """The options of a version with some of them changed."""
    return DatasetOptions.from_mapping({**vars(manifest.options), **changes})


def _written(folder: PersonFolder, choices: PhotoChoices) -> PhotoChoices:
    write_choices(folder, choices)
    return choices


def _photo_names(folder: PersonFolder) -> tuple[str, ...]:
    if not folder.photos.is_dir():
        return ()
    # The listing itself tells what is a file: asking for each of thousands takes long.
    with os.scandir(folder.photos) as listed:
        names = [f.name for f in listed if not f.name.endswith(".part") and f.is_file()]
    return tuple(sorted(names))


def _surveyed(folder: PersonFolder) -> Survey:
    survey = read_survey(folder)
    if survey is None:
        raise InputError(
            f"Nobody looked at the photos of {folder.slug} yet: run "
            f"`t2p.py dataset inspect {folder.slug}` or press Look at photos."
        )
    return survey
