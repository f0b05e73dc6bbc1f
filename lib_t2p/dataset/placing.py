"""Putting a photo's file into the person's folder, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from lib_t2p.errors import PhotoError
from lib_t2p.files import whole_file


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; raises `PhotoError` when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise PhotoError(
            f"{path.name} cannot be read ({error.strerror}): check the file and its permissions."
        ) from error
    return digest.hexdigest()


def place_photo(source: Path, target: Path, *, move: bool) -> None:
    """Move a file of ours, or hard-link a person's (copied where links are not possible).

    Raises:
        WorkspaceError: the disk is full or the folder may not be written; no half file is left.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    real = source.resolve()
    try:
        if move:
            os.replace(real, target)
        else:
            os.link(real, target)
    except OSError:
        # Another drive, a file system without hard links, or no right to link: copy.
        with whole_file(target) as partial:
            shutil.copyfile(real, partial)
