"""Captions: what the tab, the shell and the API do with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.actions.photos.datasets import PhotoState, photo_state
from lib_t2p.actions.submitting import known_person, submit_job
from lib_t2p.dataset import DatasetOptions, PhotoOutlook
from lib_t2p.dataset.captions import (
    CaptionBook,
    Change,
    Edit,
    check_places,
    distance_words,
    fill,
    pose_words,
    preview,
    read_captions,
    write_captions,
)
from lib_t2p.diffusion import LIMIT, count_tokens
from lib_t2p.errors import InputError, SetupError
from lib_t2p.jobs import Job
from lib_t2p.ranges import number_text
from lib_t2p.workspace import Person, Workspace, load_person

__all__ = ["LIMIT", "CaptionLine", "Change", "Edit", "captions_of", "edit_captions"]

DESCRIBERS = ("tagger", "blip", "host")
"""Who can describe pictures: two kinds of models in folders, and the open WebUI."""

_LOOK_FIRST = "import photos and look at them first"


@dataclass(frozen=True)
class CaptionLine:
    """The caption of one photo.

    Attributes:
        photo: its name.
        caption: as it is edited, with places; empty for none.
        filled: as the trainer will read it.
        tokens: of `filled`; None where CLIP's vocabulary is not on this computer.
    """

    photo: str
    caption: str
    filled: str
    tokens: int | None


def captions_of(
    workspace: Workspace,
    person: str,
    options: DatasetOptions | None = None,
    state: PhotoState | None = None,
) -> list[CaptionLine]:
    """Captions of all photos that a build would use, by name.

    Args:
        workspace: where the person lives.
        person: name or folder name.
        options: of the build.
        state: of the photos with these options; read when None.
    """
    folder = known_person(workspace, person)
    book, who = read_captions(folder), load_person(folder)
    state = state or photo_state(workspace, person, options)
    used = [one for one in state.photos if one.crops]
    return [_line(one, book, who) for one in used]


def set_template(workspace: Workspace, person: str, template: str) -> CaptionBook:
    """One caption for all photos, with places; empty leaves it to the folder name.

    Raises:
        InputError: a place is unknown.
    """
    check_places(template)
    label = "template" if template.strip() else "no captions"
    folder = known_person(workspace, person)
    return _written(workspace, person, read_captions(folder).with_default(template, label))


def set_caption(workspace: Workspace, person: str, photo: str, caption: str) -> CaptionBook:
    """The caption of one photo."""
    check_places(caption)
    book = read_captions(known_person(workspace, person))
    return _written(workspace, person, book.changed({photo: caption}, f"caption of {photo}"))


def preview_edit(
    workspace: Workspace, person: str, edit: Edit, photos: Sequence[str] = ()
) -> list[Change]:
    """What an edit would change; nothing is written.

    Args:
        workspace: where the person lives.
        person: whose captions they are.
        edit: what to do.
        photos: only these; all that a build would use when empty.
    """
    lines = captions_of(workspace, person)
    if not lines:
        slug = known_person(workspace, person).slug
        raise InputError(f"{slug} has no photo in use to write captions for: {_LOOK_FIRST}.")
    wanted = set(photos)
    known = {line.photo: line.caption for line in lines if not wanted or line.photo in wanted}
    missing = sorted(wanted - known.keys())
    if missing:
        raise InputError(f"No caption of {', '.join(missing)}: it is not used, or not there.")
    changes = preview(known, edit)
    for change in changes:
        check_places(change.after)
    return changes


def edit_captions(
    workspace: Workspace, person: str, edit: Edit, photos: Sequence[str] = ()
) -> list[Change]:
    """Make an edit; gives what it changed."""
    changes = preview_edit(workspace, person, edit, photos)
    book = read_captions(known_person(workspace, person))
    after = {change.photo: change.after for change in changes}
    _written(workspace, person, book.changed(after, edit.kind.replace("_", " ")))
    return changes


def undo_captions(workspace: Workspace, person: str) -> str:
    """Take the last change back; gives what it was."""
    book = read_captions(known_person(workspace, person))
    undone = book.undone()
    _written(workspace, person, undone)
    return book.past[-1].label


def submit_description(
    workspace: Workspace, person: str, how: str, folder: Path, threshold: float = 0.35
) -> Job:
    """Let a tagger or captioner describe all photos that a build would use.

    Args:
        workspace: where the person lives.
        person: whose photos they are.
        how: `tagger` or `blip` from a folder, or `host`: the interrogator of the open WebUI.
        folder: of the model; of no interest for `host`.
        threshold: least chance of a tagger's tag.

    Raises:
        InputError: the folder is not there, the threshold is no chance, or nobody looked at the
            photos.
    """
    who = known_person(workspace, person)
    if how not in DESCRIBERS:
        raise InputError(f"{how!r} describes no pictures: choose one of {', '.join(DESCRIBERS)}.")
    if not 0.0 <= threshold <= 1.0:
        raise InputError(
            f"The least chance of a tag is {number_text(threshold)}: give one from 0 to 1."
        )
    if how != "host" and not folder.is_dir():
        raise InputError(f"There is no folder {folder}: name the folder of the {how}.")
    if not any(one.crops for one in photo_state(workspace, person).photos):
        raise InputError(f"{who.slug} has no photo in use to describe: {_LOOK_FIRST}.")
    params = {
        "person": who.slug,
        "how": how,
        "folder": str(folder.absolute()),
        "threshold": threshold,
    }
    return submit_job(workspace, "dataset.caption", params, who)


def _line(one: PhotoOutlook, book: CaptionBook, who: Person) -> CaptionLine:
    caption = book.of(one.photo.photo)
    filled = filled_caption(caption, one, who)
    try:
        tokens = count_tokens(filled or who.caption)
    except SetupError:
        tokens = None
    return CaptionLine(one.photo.photo, caption, filled, tokens)


def filled_caption(caption: str, one: PhotoOutlook, who: Person) -> str:
    """As a build will write it for the main crop."""
    if not caption or not one.crops:
        return caption
    share = one.photo.shown.get("face", 0.0) / one.crops[0].crop.side
    pose = pose_words(one.photo.shown.get("yaw", 0.0), one.photo.shown.get("pitch", 0.0))
    values = {"token": who.trigger, "class": who.class_word, "pose": pose}
    return fill(caption, {**values, "distance": distance_words(share)})


def _written(workspace: Workspace, person: str, book: CaptionBook) -> CaptionBook:
    write_captions(known_person(workspace, person), book)
    return book
