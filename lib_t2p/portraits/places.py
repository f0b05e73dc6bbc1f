"""Where the pictures of a series lie: not judged yet, kept, or in the bin."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.typed_paths import shown
from lib_t2p.workspace import PortraitsFolder

SCHEMA = 1
LONGEST = 80
"""Letters of a picture's name."""

Place = Literal["new", "kept", "bin"]


def folder_of(folder: PortraitsFolder, place: Place) -> Path:
    """Where pictures of a place lie."""
    return {"new": folder.pictures, "kept": folder.kept, "bin": folder.bin}[place]


def picture_path(folder: PortraitsFolder, picture: str, place: Place = "new") -> Path:
    """The file of a picture; raises `InputError` for what is no name of a picture."""
    # Names come from requests too.
    plain = picture.replace("_", "").isalnum() and picture.isascii()
    if not plain or len(picture) > LONGEST:
        raise InputError(
            f"{shown(picture)} is no picture of {folder.id}: choose one that is shown."
        )
    return folder_of(folder, place) / f"{picture}.png"


def place_of(folder: PortraitsFolder, picture: str) -> Place | None:
    """Where a picture lies; None when it is nowhere."""
    places: tuple[Place, ...] = ("kept", "bin", "new")
    return next((p for p in places if picture_path(folder, picture, p).is_file()), None)


def find_picture(folder: PortraitsFolder, picture: str) -> Path | None:
    """The file of a picture, wherever it lies."""
    place = place_of(folder, picture)
    return picture_path(folder, picture, place) if place else None


def move_picture(folder: PortraitsFolder, picture: str, to: Place) -> None:
    """Move a picture; nothing happens when it is there already.

    Raises:
        InputError: there is no such picture.
        WorkspaceError: it could not be moved.
    """
    place = place_of(folder, picture)
    if place is None:
        raise InputError(f"{folder.id} has no picture {picture}: it may have been deleted.")
    if place == to:
        return
    target = picture_path(folder, picture, to)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(picture_path(folder, picture, place), target)
    except OSError as error:
        raise WorkspaceError(
            f"{picture}.png could not be moved to {target.parent}: {error}. Close what has it "
            "open and try again."
        ) from error


def read_hand(folder: PortraitsFolder) -> dict[str, Place]:
    """What a person chose by hand: picture -> `kept` or `bin`; holds against any rule."""
    if not folder.hand.exists():
        return {}
    record = read_record(folder.hand, SCHEMA).get("pictures")
    if not isinstance(record, dict):
        raise WorkspaceError(f"{folder.hand} is damaged: delete it and choose again.")
    return {str(k): v for k, v in record.items() if v in ("kept", "bin")}


def choose_by_hand(folder: PortraitsFolder, picture: str, place: Place) -> None:
    """Remember a person's choice, then move the picture."""
    if place_of(folder, picture) is None:
        raise InputError(f"{folder.id} has no picture {picture}: it may have been deleted.")
    write_record(folder.hand, SCHEMA, {"pictures": {**read_hand(folder), picture: place}})
    move_picture(folder, picture, place)
