"""What is installed in environments that are not ours, to prove that it stays as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.lenders import places
from lib_t2p.environment.repairing import site_packages

ENDINGS = (".dist-info", ".egg-info", ".egg-link", ".pth")
"""What an installation adds or renames; a version stands in the name."""


@dataclass(frozen=True)
class Snapshot:
    """Packages of other environments at one moment.

    Attributes:
        packages: names with versions, by folder of packages.
    """

    packages: Mapping[Path, tuple[str, ...]]

    def lines(self) -> list[str]:
        """One line a package, for the log."""
        return [f"{folder}: {name}" for folder, names in self.packages.items() for name in names]

    def differences(self, later: Snapshot) -> list[str]:
        """What was added and what is gone, one sentence each."""
        found = []
        for folder, names in self.packages.items():
            before, after = set(names), set(later.packages.get(folder, ()))
            found += [f"{name} was added to {folder}" for name in sorted(after - before)]
            found += [f"{name} is gone from {folder}" for name in sorted(before - after)]
        return found

    def count(self) -> int:
        """How many packages there are."""
        return sum(len(names) for names in self.packages.values())


def folders_of_others(root: Path, lenders: Iterable[Path] = ()) -> list[Path]:
    """The package folders that must not change: the WebUI's, the lender's, and what runs this.

    Args:
        root: holds `.envs/`; what lies in there is ours.
        lenders: further folders of packages.
    """
    environments = [*places(root), Path(sys.prefix)]
    found = [folder for env in environments for folder in site_packages(env)]
    ours = (root / ".envs").resolve()
    watched = [folder.resolve() for folder in (*found, *lenders)]
    return [folder for folder in dict.fromkeys(watched) if ours not in folder.parents]


def snapshot(folders: Iterable[Path]) -> Snapshot:
    """List what is installed in folders of packages."""
    return Snapshot({folder: tuple(_names(folder)) for folder in folders})


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if entry.suffix in ENDINGS)
