"""The files anywhere below a folder, up to a number that no folder of models or logs has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lib_t2p.errors import InputError

MOST = 200_000
"""Files and folders; a disk has more, and to look through it takes minutes."""


def files_below(root: Path, holds: str, most: int = MOST) -> Iterator[Path]:
    """Files anywhere below a folder, in no order; links to folders are not followed.

    A folder that cannot be listed hides only what is in it.

    Args:
        root: the folder.
        holds: what it should hold, for the fault; such as `logs`.
        most: files and folders that are looked at.

    Raises:
        InputError: there are more of them.
    """
    waiting, seen = [root], 0
    while waiting:
        for entry in _listed(waiting.pop(), most + 1 - seen):
            seen += 1
            if seen > most:
                raise InputError(
                    f"{root} holds more than {most:,} files and folders: name the folder of the "
                    f"{holds} itself."
                )
            if _is_folder(entry):
                waiting.append(Path(entry.path))
            elif _is_file(entry):
                yield Path(entry.path)


def _listed(folder: Path, most: int) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(islice(entries, most))
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
