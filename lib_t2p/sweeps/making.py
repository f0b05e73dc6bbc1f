"""Making the runs of a sweep: ordinary runs that name their sweep."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.errors import T2PError
from lib_t2p.runs import Run, create_run
from lib_t2p.settings import settings_from
from lib_t2p.sweeps.data_repeats import repeated_data
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.sweep_runs import SweepRun
from lib_t2p.toml_io import read_toml
from lib_t2p.workspace import Person, RunFolder, SweepFolder

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
