"""The runs of a sweep as folders: ordinary runs that name their sweep, with its repeats."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.errors import InputError, T2PError
from lib_t2p.files import whole_file
from lib_t2p.runs import Run, create_run
from lib_t2p.settings import settings_from
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.sweep_runs import SweepRun
from lib_t2p.toml_io import read_toml
from lib_t2p.workspace import DatasetFolder, Person, RunFolder, SweepFolder

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


NAME_PART = 24
"""Letters of the sweep's id in the name of a run; the rest is left for what differs."""


@dataclass(frozen=True)
class Made:
    """The runs of a sweep that are on disk, by their names within it."""

    folders: Mapping[str, RunFolder]

    def folder_of(self, run: SweepRun) -> RunFolder | None:
        """Where a run lies, also under a name that came to mean the same."""
        return next((self.folders[n] for n in (run.name, *run.also) if n in self.folders), None)


def made_runs(folder: SweepFolder) -> Made:
    """Find the runs that name this sweep; damaged ones are left out."""
    found = {}
    for run in folder.person.runs():
        try:
            table = read_toml(run.settings)
        except T2PError:
            continue
        if table.get("sweep") == folder.id:
            found[str(table.get("sweep_run", ""))] = run
    return Made(found)


def make_run(folder: SweepFolder, run: SweepRun, who: Person) -> RunFolder:
    """Store a run of the sweep.

    Raises:
        SettingsError: its settings don't pass the checks.
        InputError, WorkspaceError: the dataset or the disk can't be used.
    """
    point = run.point
    settings = dict(point.settings)
    if point.photo_repeats:
        settings["train_data_dir"] = _train_data_dir(folder, point)
    name = _free_name(folder, run)
    return create_run(
        folder.person,
        Run(
            person=folder.person.slug,
            name=name,
            dataset=point.dataset,
            checkpoint=str(Path(point.checkpoint).absolute()),
            trainer=point.trainer,
            settings=settings_from(settings),
            trigger=who.trigger,
            class_word=who.class_word,
            sweep=folder.id,
            sweep_run=run.name,
            cpu_threads=point.cpu_threads,
        ),
    )


def _train_data_dir(folder: SweepFolder, point: Point) -> str:
    """Relative to the dataset, so that a workspace may be moved."""
    dataset = folder.person.dataset(point.dataset)
    data = repeated_data(folder, dataset, point.photo_repeats)
    return Path(os.path.relpath(data, dataset.root)).as_posix()


def _free_name(folder: SweepFolder, run: SweepRun) -> str:
    wanted = f"{folder.id[:NAME_PART]} {run.name}"
    name, number = wanted, 1
    while folder.person.run(name).settings.exists():
        number += 1
        # In front, since a folder's name is cut off at its end.
        name = f"{folder.id[:NAME_PART]} {number} {run.name}"
    return name
