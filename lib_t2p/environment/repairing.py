"""Clears what a killed installation left behind."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path


def site_packages(folder: Path) -> list[Path]:
    """The package folders of a virtual environment, on any system."""
    patterns = ("lib/python3.*/site-packages", "Lib/site-packages")
    return sorted({found.resolve() for p in patterns for found in folder.glob(p)})


def remove_tree(folder: Path) -> None:
    """Remove a folder and what is in it, also files that git made read-only on Windows.

    Raises:
        OSError: something in it cannot be removed.
    """
    if not folder.exists():
        return
    for parent, _, names in os.walk(folder):
        for name in names:
            file = Path(parent) / name
            if not file.is_symlink() and not os.access(file, os.W_OK):
                file.chmod(stat.S_IREAD | stat.S_IWRITE)
    shutil.rmtree(folder)


def drop_half_installed(folder: Path) -> list[str]:
    """Forget packages that pip was killed in the middle of, so that it installs them again.

    pip writes `RECORD` last; without it the package's own files may be missing although pip
    would call the requirement satisfied.

    Args:
        folder: a virtual environment.

    Returns:
        Names of what was removed.
    """
    dropped = []
    for packages in site_packages(folder):
        halves = [d for d in packages.glob("*.dist-info") if not (d / "RECORD").exists()]
        # pip renames what it replaces to a name that begins with a tilde.
        for remains in [*halves, *packages.glob("~*")]:
            if remains.is_dir():
                shutil.rmtree(remains, ignore_errors=True)
                dropped.append(remains.name)
    return dropped


def forget(infos: Iterable[Path]) -> None:
    """Remove entries of damaged packages, so that pip installs them again over what is left.

    Args:
        infos: their `.dist-info` folders.
    """
    for info in infos:
        shutil.rmtree(info, ignore_errors=True)
