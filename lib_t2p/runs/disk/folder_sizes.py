"""How many bytes lie where."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lib_t2p.lora import FOLDER as TRIAL
from lib_t2p.workspace import PersonFolder, RunFolder, Workspace

LATENTS = ".npz"
"""What sd-scripts caches beside the pictures of a dataset."""


MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Use:
    """Bytes of one kind.

    Attributes:
        person: folder name; empty for what belongs to nobody.
        run: id of the run; empty for what belongs to none.
        kind: a word for people, such as `models`, `states`, `latents` or `environments`.
        size: bytes.
    """

    person: str
    run: str
    kind: str
    size: int


@dataclass
class FolderSize:
    """Counts every file once, however many hard links it has."""

    seen: set[tuple[int, int]] = field(default_factory=set)

    def size(self, path: Path) -> int:
        """Bytes of a file or of all below a folder that were not counted before; 0 if missing."""
        return sum(self._file(file) for file in files_below(path))

    def by_ending(self, folder: Path, ending: str) -> tuple[int, int]:
        """Bytes of the files below a folder with an ending, and of the others."""
        found: Counter[bool] = Counter()
        for file in files_below(folder):
            found[file.name.endswith(ending)] += self._file(file)
        return found[True], found[False]

    def _file(self, file: Path) -> int:
        try:
            stat = file.lstat()
        except OSError:
            return 0
        mark = (stat.st_dev, stat.st_ino)
        if stat.st_nlink > 1 and mark in self.seen:
            return 0
        self.seen.add(mark)
        return stat.st_size


def files_below(path: Path) -> Iterator[Path]:
    """The file itself, or all files below a folder; links to folders are not followed."""
    if path.is_file() or path.is_symlink():
        yield path
        return
    for folder, _, names in os.walk(path):
        for name in names:
            yield Path(folder, name)


def disk_use(workspace: Workspace, environments: Path) -> list[Use]:
    """What a workspace takes, by person, run and kind; kinds that take nothing are left out.

    Args:
        workspace: to be measured.
        environments: the folder `.envs`.
    """
    measured = FolderSize()
    found = [use for person in workspace.people() for use in _of_person(person, measured)]
    shared = {
        "models under test": workspace.loras / TRIAL,
        "cache": workspace.cache,
        "jobs and logs": workspace.jobs,
        "checkpoints": workspace.checkpoints,
        "environments": environments,
    }
    found += [Use("", "", kind, measured.size(path)) for kind, path in shared.items()]
    return [use for use in found if use.size]


def _of_person(person: PersonFolder, measured: FolderSize) -> list[Use]:
    uses = [use for run in person.runs() for use in _of_run(run, measured)]
    latents, pictures = measured.by_ending(person.root / "datasets", LATENTS)
    kinds = {
        "photos": measured.size(person.photos),
        "datasets": pictures,
        "latents": latents,
        **{kind: measured.size(person.root / kind) for kind in ("grids", "sweeps", "portraits")},
    }
    kinds["other"] = sum(measured.size(p) for p in _children(person.root) if p.is_file())
    return uses + [Use(person.slug, "", kind, size) for kind, size in kinds.items()]


def _of_run(run: RunFolder, measured: FolderSize) -> list[Use]:
    states = measured.size(run.states)
    models = sum(measured.size(path) for path in _children(run.model) if path != run.states)
    records = sum(measured.size(path) for path in _children(run.root) if path != run.model)
    sizes = {"states": states, "models": models, "logs and samples": records}
    return [Use(run.person.slug, run.id, kind, size) for kind, size in sizes.items()]


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def megabytes(size: int) -> str:
    """Bytes for people."""
    return f"{size / MEGABYTE:,.0f} MB" if size >= MEGABYTE else f"{size / 1024:,.0f} kB"
