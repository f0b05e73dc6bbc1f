"""A dataset's photos with other repeats: kohya reads repeats from the folder's name."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.files import whole_file
from lib_t2p.workspace import DatasetFolder, SweepFolder

_FOLDER = re.compile(r"\d+_(.+)")


def repeated_data(
    sweep: SweepFolder,
    dataset: DatasetFolder,
    repeats: int,
    link: Callable[[Path, Path], None] = os.link,
) -> Path:
    """Make (once) a training folder with the same photos under `<repeats>_<name>`.

    Photos and captions are hard-linked, or copied where that cannot be; the dataset itself stays
    as it is.

    Returns:
        The folder, for `train_data_dir`.

    Raises:
        InputError: the dataset has no training folders.
        WorkspaceError: the disk is full or the folder may not be written.
    """
    target = sweep.data / f"{dataset.root.name}x{repeats}"
    found = [d for d in sorted(dataset.img.glob("*")) if d.is_dir() and _FOLDER.fullmatch(d.name)]
    if not found:
        raise InputError(f"{dataset.img} holds no training folders: build the dataset again.")
    for folder in found:
        named = _FOLDER.fullmatch(folder.name)
        for path in sorted(p for p in folder.iterdir() if p.is_file() and named):
            _place(path, target / f"{repeats}_{named[1] if named else ''}" / path.name, link)
    return target


def _place(source: Path, target: Path, link: Callable[[Path, Path], None]) -> None:
    if target.exists():
        return
    with whole_file(target) as partial:
        partial.unlink(missing_ok=True)
        try:
            link(source, partial)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            shutil.copyfile(source, partial)
