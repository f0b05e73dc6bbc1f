"""Deleting a person: everything is listed first; linked originals stay where they came from."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lib_t2p.actions.submitting import known_person
from lib_t2p.errors import InputError, LoraError, WorkspaceError
from lib_t2p.jobs import (
    ACTIVE,
    Queue,
    any_notices,
    database_copies,
    forget_jobs,
    forget_notices,
    stray_folders,
)
from lib_t2p.lora import lora_files, read_header
from lib_t2p.plurals import counted, plural
from lib_t2p.workspace import PersonFolder, Workspace, load_person

Kind = Literal["folder", "seen", "thumbnail", "upload", "job", "database", "notices", "lora"]
WORDS: dict[Kind, str] = {
    "folder": "photos, crops, datasets, runs, grids and portraits",
    "seen": "what was measured of their photos, with identities",
    "thumbnail": "small pictures",
    "upload": "uploads of the page",
    "job": "records of jobs",
    "database": "old copies of the queue, with everybody's jobs",
    "notices": "notices that name them",
    "lora": "LoRA",
}


_READ_UPLOADS = ("dataset.import", "dataset.class_photos")


@dataclass(frozen=True)
class Belonging:
    """Something of the person.

    Attributes:
        kind: what it is.
        path: file or folder.
        size: bytes.
        optional: goes only when it is ticked: LoRAs.
    """

    kind: Kind
    path: Path
    size: int
    optional: bool = False


def belongings(workspace: Workspace, person: str, lora_root: Path | None = None) -> list[Belonging]:
    """List everything of a person; nothing is removed.

    Args:
        workspace: where the person lives.
        person: whose things they are.
        lora_root: the folder of LoRAs; the workspace's own when None.
    """
    folder = known_person(workspace, person)
    found = [_belonging("folder", path) for path in sorted(folder.root.iterdir())]
    found += [_belonging("seen", path) for path in _seen(folder)]
    found += [_belonging("thumbnail", path) for path in _thumbnails(folder)]
    uploads = workspace.uploads
    found += [_belonging("upload", uploads)] if uploads.is_dir() else []
    ids = _job_ids(workspace, folder)
    roots = [workspace.job(job_id).root for job_id in ids]
    strays = stray_folders(workspace, folder.slug, Queue(workspace).ids())
    found += [_belonging("job", root) for root in [*(r for r in roots if r.is_dir()), *strays]]
    found += [_belonging("database", path) for path in database_copies(workspace)]
    if any_notices(workspace, _names_of(folder, ids)):
        found.append(_belonging("notices", workspace.notices))
    loras = _loras(folder, lora_root or workspace.loras)
    return found + [_belonging("lora", path, optional=True) for path in loras]


def delete_person(
    workspace: Workspace,
    person: str,
    *,
    loras: Collection[Path] = (),
    lora_root: Path | None = None,
) -> list[str]:
    """Remove a person; of their LoRAs only those named.

    Returns:
        Sentences about what could not be removed.

    Raises:
        InputError: a job of the person is at work, or somebody's import that may read the uploads,
            or a LoRA is named that is not theirs.
    """
    folder = known_person(workspace, person)
    at_work = Queue(workspace).jobs(states=ACTIVE, person=folder.slug)
    if at_work:
        raise InputError(
            f"{counted(len(at_work), 'job')} of {folder.slug} {plural('is', len(at_work))} "
            f"waiting or at work ({at_work[0].id}): stop "
            "them first."
        )
    reading = [job for job in Queue(workspace).jobs(states=ACTIVE) if job.kind in _READ_UPLOADS]
    if reading and workspace.uploads.is_dir():
        raise InputError(
            f"Uploaded photos of {reading[0].person} are still being taken in ({reading[0].id}), "
            "and nobody knows whose uploads are whose: wait for it or stop it first."
        )
    found = belongings(workspace, person, lora_root)
    theirs = {one.path for one in found if one.optional}
    foreign = [str(path) for path in loras if path not in theirs]
    if foreign:
        raise InputError(f"{', '.join(foreign)} is no LoRA of {folder.slug}: see the list.")
    # Without their record nobody could ask for the rest: it goes last. Of notices only lines go.
    kept = (folder.record, workspace.notices)
    doomed = [one.path for one in found if not one.optional or one.path in set(loras)]
    names = _names_of(folder, _job_ids(workspace, folder))
    faults = [f for path in _with_cards(doomed) if path not in kept and (f := _remove(path))]
    if not faults:
        forget_jobs(workspace, folder.slug)
        forget_notices(workspace, names)
        shutil.rmtree(folder.root, ignore_errors=True)
    return faults


def total(found: Sequence[Belonging]) -> int:
    """Bytes of all."""
    return sum(one.size for one in found)


def _job_ids(workspace: Workspace, folder: PersonFolder) -> list[str]:
    return [job.id for job in Queue(workspace).jobs(person=folder.slug)]


def _names_of(folder: PersonFolder, job_ids: Sequence[str]) -> set[str]:
    """Words by which notices may speak of a person."""
    return {folder.slug, load_person(folder).name, *job_ids}


def _belonging(kind: Kind, path: Path, *, optional: bool = False) -> Belonging:
    files = [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file()]
    return Belonging(kind, path, sum(file.stat().st_size for file in files), optional)


def _seen(folder: PersonFolder) -> Iterator[Path]:
    """Records of the photos, by their content."""
    seen = folder.workspace.cache / "seen"
    kinds = sorted(seen.iterdir()) if seen.is_dir() else []
    for photo in _photos(folder):
        digest = _digest(photo)
        for kind in kinds:
            record = kind / digest[:2] / f"{digest}.npz"
            if record.is_file():
                yield record


def _thumbnails(folder: PersonFolder) -> list[Path]:
    # They are named by what they were drawn from, so nobody can tell whose they are: all go,
    # since they are drawn again when they are needed.
    return sorted((folder.workspace.cache / "thumbs").glob("*.jpg"))


def _photos(folder: PersonFolder) -> list[Path]:
    places = (folder.photos, folder.class_photos.photos)
    return [f for place in places if place.is_dir() for f in place.iterdir() if f.is_file()]


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _loras(folder: PersonFolder, root: Path) -> list[Path]:
    """LoRAs of the folder that were trained of this person."""
    runs = {run.id for run in folder.runs()}
    mine = {m.stem for run in folder.runs() for m in run.model.glob("*.safetensors")}
    found = []
    for stem, paths in sorted(lora_files(root).items()):
        for path in paths:
            if stem in mine or stem.startswith(f"t2p_{folder.slug}_") or _names(path, runs, folder):
                found.append(path)
    return found


def _names(path: Path, runs: Collection[str], folder: PersonFolder) -> bool:
    try:
        metadata = read_header(path).metadata
    except (LoraError, OSError):
        return False
    return metadata.get("t2p_person") == folder.slug and metadata.get("t2p_run", "") in runs


def _with_cards(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield path
        if path.suffix == ".safetensors":
            for ending in (".json", ".png", ".preview.png"):
                beside = path.with_suffix(ending)
                if beside.is_file():
                    yield beside


def _remove(path: Path) -> str:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        return str(WorkspaceError(f"{path} could not be removed ({error.strerror}): close it."))
    return ""
