"""Regularisation images: importing photos of the class, painting some."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lib_t2p.actions.photos.datasets import photo_state
from lib_t2p.actions.submitting import known_person, submit_job
from lib_t2p.class_images import SCHEMA, ClassPlan
from lib_t2p.dataset import DatasetOptions
from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.files import read_record
from lib_t2p.jobs import ACTIVE, Job, Queue
from lib_t2p.typed_paths import is_there, shortened
from lib_t2p.workspace import PhotoSet, Workspace

PHOTOS = "photos"
"""Value of the option `regularisation` that stands for the imported class photos."""
SPARE = 1.15
"""Painted pictures per picture wanted: some show no face, two, or the person's by chance."""


@dataclass(frozen=True)
class ClassSet:
    """A set that a build may take.

    Attributes:
        name: value of the option `regularisation`.
        pictures: how many lie in it.
        source: what they were painted from; empty for imported photos.
    """

    name: str
    pictures: int
    source: str = ""


def submit_class_photos(workspace: Workspace, person: str, sources: Sequence[Path]) -> Job:
    """Import real photos of other people of the class.

    Raises:
        InputError: a source does not exist.
    """
    folder = known_person(workspace, person)
    missing = [shortened(str(source)) for source in sources if not is_there(source)]
    if missing or not sources:
        named = ", ".join(missing[:5]) or "nothing"
        raise InputError(f"No photos at {named}: point at a folder or files that exist.")
    params = {"person": folder.slug, "sources": [str(s.absolute()) for s in sources]}
    return submit_job(workspace, "dataset.class_photos", params, folder)


def class_sets(workspace: Workspace, person: str) -> list[ClassSet]:
    """Sets that have pictures: the person's class photos, and painted ones."""
    folder = known_person(workspace, person)
    found = [ClassSet(PHOTOS, _count(folder.class_photos.photos))]
    painted = workspace.painted_class("x").root.parent
    names = sorted(f.name for f in painted.iterdir() if f.is_dir()) if painted.is_dir() else []
    found += [_painted(workspace.painted_class(name)) for name in names]
    return [one for one in found if one.pictures]


def check_class_set(workspace: Workspace, person: str, name: str) -> None:
    """Refuse a set that a build would not find; photos that are still imported count as there.

    Raises:
        InputError: there is no such set; naming all that are there.
    """
    folder = known_person(workspace, person)
    known = [one.name for one in class_sets(workspace, person)]
    if not name or name in known:
        return
    kind = "dataset.class_photos"
    if name == PHOTOS and Queue(workspace).jobs(states=ACTIVE, person=folder.slug, kind=kind):
        return
    there = f"there are {', '.join(known)}" if known else "import class photos or paint some first"
    raise InputError(f"There are no regularisation images named {name!r}: {there}.")


def wanted_class_pictures(
    workspace: Workspace, person: str, options: DatasetOptions | None = None
) -> int:
    """Pictures times their repeats of the version that would be built, and some to spare.

    0 before anybody looked at the photos.
    """
    photos = photo_state(workspace, person, options).photos
    return math.ceil(
        SPARE * sum(crop.repeats for one in photos if one.outcome == "used" for crop in one.crops)
    )


def submit_class_images(workspace: Workspace, person: str, plan: ClassPlan) -> list[Job]:
    """Plan and paint regularisation images; gives the two jobs.

    Raises:
        InputError: there is no such checkpoint.
    """
    folder = known_person(workspace, person)
    if not Path(plan.checkpoint).exists():
        raise InputError(f"There is no base checkpoint at {plan.checkpoint}: choose another.")
    params = {"person": folder.slug, "plan": asdict(plan)}
    planned = submit_job(workspace, "reg.plan", params, folder)
    painting = {"person": folder.slug, "checkpoint": plan.checkpoint}
    painted = submit_job(workspace, "reg.cells", painting, folder, needs=[planned.id])
    return [planned, painted]


def _painted(folder: PhotoSet) -> ClassSet:
    name = folder.root.name
    try:
        record = read_record(folder.record, SCHEMA)
        source = f"{record['prompt']} ({record['checkpoint']})"
    except (WorkspaceError, KeyError):
        source = ""  # Of no use for a build, which takes the pictures alone.
    return ClassSet(name, _count(folder.photos), source)


def _count(folder: Path) -> int:
    if not folder.is_dir():
        return 0
    return sum(f.is_file() and not f.name.endswith(".part") for f in folder.iterdir())
