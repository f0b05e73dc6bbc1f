"""Starting, stopping and looking through series of portraits.

A LoRA that a prompt names must be made for its checkpoint."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p import portraits
from lib_t2p.actions.host import Host
from lib_t2p.actions.submitting import known_person, submit_job
from lib_t2p.errors import FaultsError, InputError, JobError, WorkspaceError
from lib_t2p.grids import misfits
from lib_t2p.jobs import ACTIVE, Job, Queue, ensure_worker
from lib_t2p.jobs.processes import launch
from lib_t2p.lora import lora_files
from lib_t2p.painting import CellRequest, lora_stems
from lib_t2p.platforms import file_manager
from lib_t2p.portraits import (
    Choices,
    KeepRule,
    Place,
    PortraitPlan,
    all_pictures,
    ask_to_stop,
    choose_by_hand,
    go_on,
    read_portraits,
    read_state,
    sort_pictures,
    with_inputs_kept,
    write_choices,
    write_portraits,
)
from lib_t2p.runs import saved_models
from lib_t2p.workspace import (
    PersonFolder,
    PortraitsFolder,
    Workspace,
    all_portraits,
    portraits_folder,
)

_OTHER_CHECKPOINT = re.compile(r"<\s*(?:checkpoint|model)\s*:", re.IGNORECASE)


def refuse_misfits(workspace: Workspace, person: PersonFolder, request: CellRequest) -> None:
    """Refuse LoRAs of another family than the checkpoint's, or of an unknown one.

    What lies elsewhere, or is chosen by a wildcard, is the painter's to check, and so is a prompt
    that names a checkpoint of its own.

    Args:
        workspace: whose folder of LoRAs is looked through.
        person: whose saved models may be named too.
        request: its prompt, with tags, and its checkpoint.

    Raises:
        FaultsError: all of them at once.
    """
    stems = lora_stems(request.prompt)
    if not stems or _OTHER_CHECKPOINT.search(request.prompt):
        return
    found = {stem: paths[0] for stem, paths in lora_files(workspace.loras).items()}
    saved = {model.stem: model.path for run in person.runs() for model in saved_models(run)}
    known = saved | found
    paths = (known[stem] for stem in stems if stem in known)
    faults = misfits(Path(request.checkpoint), paths)
    if faults:
        raise FaultsError("These LoRAs cannot be painted with this checkpoint", faults)


PREVIEWED = 5
"""Prompts of a preview."""


@dataclass(frozen=True)
class SeriesStatus:
    """How far a series is.

    Attributes:
        planned: pictures planned so far.
        painted: of those, on disk or in the bin.
        kept: pictures that are kept.
        binned: pictures in the bin.
        ended: why no further one is painted; empty while it goes on.
        active: whether jobs of it are not over.
    """

    planned: int
    painted: int
    kept: int
    binned: int
    ended: str
    active: bool


def submit_portraits(
    workspace: Workspace, person: str, series: str, plan: PortraitPlan, choices: Choices
) -> Job:
    """Begin a series.

    Raises:
        InputError: there is no such person, or a series of this name.
        FaultsError: all faults of the plan or of its pictures at once; or LoRAs of another family
            than its checkpoint's.
    """
    folder = known_person(workspace, person)
    target = portraits_folder(folder, series)
    if target.plan.exists():
        raise InputError(
            f"Portraits named {target.id!r} exist already: choose another name, or paint more."
        )
    refuse_misfits(workspace, folder, plan.request)
    write_portraits(target, with_inputs_kept(target, replace(plan, person=folder.slug)))
    write_choices(target, choices)
    return _begin(workspace, person, target, 1)


def paint_more(
    workspace: Workspace, person: str, series: str, count: int, minutes: float = 0.0
) -> Job:
    """Let a series go on.

    Args:
        workspace: where it lies.
        person: whose it is.
        series: its name.
        count: further pictures; 0 for no limit.
        minutes: further minutes; 0 for no limit.

    Raises:
        InputError: it is still at work.
    """
    target = _known(workspace, person, series)
    if series_status(workspace, person, target).active:
        raise InputError(f"{target.id} is still being painted: stop it first.")
    pictures, rounds = all_pictures(target), target.rounds()
    plan = read_portraits(target)
    write_portraits(target, replace(plan, count=count and len(pictures) + count, minutes=minutes))
    go_on(target)
    return _begin(workspace, person, target, max(rounds, default=0) + 1)


def stop_portraits(workspace: Workspace, person: str, series: str) -> None:
    """End a series after the picture at hand; what is painted is still scored and sorted."""
    ask_to_stop(_known(workspace, person, series))


def change_rule(workspace: Workspace, person: str, series: str, rule: KeepRule) -> tuple[int, int]:
    """Sort all pictures by another rule; gives how many are kept and how many in the bin.

    Raises:
        FaultsError: the rule has limits that cannot be.
    """
    target = _known(workspace, person, series)
    write_portraits(target, replace(read_portraits(target), rule=rule))
    return sort_pictures(target, rule)


def move_by_hand(
    workspace: Workspace, person: str, series: str, picture: str, place: Place
) -> None:
    """Keep a picture or put it into the bin, whatever the rule says."""
    choose_by_hand(_known(workspace, person, series), picture, place)


def empty_bin(workspace: Workspace, person: str, series: str, agreed: int) -> int:
    """Delete what is in the bin; gives how many pictures were deleted.

    Args:
        workspace: where the series lies.
        person: whose it is.
        series: its name.
        agreed: how many pictures the person was asked about; with another number in the bin
            nothing is deleted.

    Raises:
        InputError: the bin holds another number of pictures.
        WorkspaceError: a picture could not be deleted.
    """
    target = _known(workspace, person, series)
    found = sorted(target.bin.glob("*.png")) if target.bin.is_dir() else []
    if len(found) != agreed:
        raise InputError(
            f"The bin of {target.id} holds {len(found)} pictures, not {agreed}: look again before "
            "they are deleted."
        )
    try:
        for path in found:
            path.unlink()
    except OSError as error:
        raise WorkspaceError(f"{path} could not be deleted: {error}.") from error
    return len(found)


def open_kept(workspace: Workspace, person: str, series: str) -> Path:
    """Show the folder of kept pictures in this computer's file manager; gives the folder.

    Raises:
        InputError: there is no such series, or no file manager.
    """
    folder = _known(workspace, person, series).kept
    folder.mkdir(parents=True, exist_ok=True)
    log = workspace.logs / "file_manager.txt"
    try:
        launch(file_manager(folder), cwd=folder, env=os.environ, stdout=log, stderr=log)
    except JobError as error:
        raise InputError(
            f"The folder cannot be shown here, since there is no file manager: it is {folder}."
        ) from error
    return folder


def preview_prompts(
    workspace: Workspace, person: str, prompt: str, seed: int, count: int = PREVIEWED
) -> Job:
    """Let the worker expand the first prompts; they are the job's result."""
    folder = known_person(workspace, person)
    params = {"person": folder.slug, "prompt": prompt, "seed": seed, "count": count}
    for job in Queue(workspace).jobs(states=ACTIVE, person=folder.slug, kind=portraits.PREVIEW):
        if job.params == params:
            return job
    return submit_job(workspace, portraits.PREVIEW, params, folder)


def series_status(workspace: Workspace, person: str, series: PortraitsFolder) -> SeriesStatus:
    """How far a series is, from its folder and the queue."""
    folder = workspace.person(person)
    at_work = portraits.jobs_of(Queue(workspace), folder, series, ACTIVE)
    kept, binned = _count(series.kept), _count(series.bin)
    return SeriesStatus(
        planned=len(all_pictures(series)),
        painted=kept + binned + _count(series.pictures),
        kept=kept,
        binned=binned,
        ended=read_state(series).ended,
        active=bool(at_work),
    )


def free_series_name(workspace: Workspace, person: str) -> str:
    """A name that no series of the person has yet."""
    taken = {one.id for one in all_portraits(workspace.person(person))}
    number = 1
    while f"portraits-{number}" in taken:
        number += 1
    return f"portraits-{number}"


def workspace_choices(workspace: Workspace) -> Choices:
    """What setting tags may name without a host: the checkpoints of the workspace."""
    root = workspace.checkpoints
    found = sorted(root.rglob("*.safetensors")) if root.is_dir() else []
    return Choices(tuple((path.relative_to(root).as_posix(), str(path)) for path in found))


def choices_of(host: Host) -> Choices:
    """What setting tags may name: all that the host lists."""
    found = [(title, host.checkpoint_path(title)) for title in host.checkpoints()]
    listed = tuple((title, str(path)) for title, path in found if path is not None)
    vaes = getattr(host, "vaes", None)
    return Choices(listed, tuple(vaes()) if vaes else (), tuple(host.samplers()))


def _begin(workspace: Workspace, person: str, series: PortraitsFolder, number: int) -> Job:
    job = portraits.queue_first(Queue(workspace), workspace.person(person), series, number)
    ensure_worker(workspace)
    return job


def _known(workspace: Workspace, person: str, series: str) -> PortraitsFolder:
    folder = known_person(workspace, person)
    target = portraits_folder(folder, series)
    if not target.plan.exists():
        known = ", ".join(one.id for one in all_portraits(folder)) or "none yet"
        raise InputError(f"{folder.slug} has no portraits named {target.id!r}: there are {known}.")
    return target


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*.png")) if folder.is_dir() else 0
