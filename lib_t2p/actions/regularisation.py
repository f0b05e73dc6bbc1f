"""Regularisation images: importing photos of the class, painting some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.actions.submitting import known_person, submit_job
from lib_t2p.errors import InputError
from lib_t2p.jobs.job import Job
from lib_t2p.workspace import Workspace

PHOTOS = "photos"
"""Value of the option `regularisation` that stands for the imported class photos."""


@dataclass(frozen=True)
class ClassSet:
    """A set that a build may take.

    Attributes:
        name: value of the option `regularisation`.
        pictures: how many lie in it.
    """

    name: str
    pictures: int


def submit_class_photos(workspace: Workspace, person: str, sources: Sequence[Path]) -> Job:
    """Import real photos of other people of the class.

    Raises:
        InputError: a source does not exist.
    """
    folder = known_person(workspace, person)
    missing = [str(source) for source in sources if not source.exists()]
    if missing or not sources:
        named = ", ".join(missing) or "nothing"
        raise InputError(f"No photos at {named}: point at a folder or files that exist.")
    params = {"person": folder.slug, "sources": [str(s.absolute()) for s in sources]}
    return submit_job(workspace, "dataset.class_photos", params, folder)


def class_sets(workspace: Workspace, person: str) -> list[ClassSet]:
    """Sets that have pictures: the person's class photos, and painted ones."""
    folder = known_person(workspace, person)
    found = [ClassSet(PHOTOS, _count(folder.class_photos.photos))]
    painted = workspace.painted_class("x").root.parent
    names = sorted(f.name for f in painted.iterdir() if f.is_dir()) if painted.is_dir() else []
    found += [ClassSet(name, _count(workspace.painted_class(name).photos)) for name in names]
    return [one for one in found if one.pictures]


def _count(folder: Path) -> int:
    if not folder.is_dir():
        return 0
    return sum(f.is_file() and not f.name.endswith(".part") for f in folder.iterdir())
