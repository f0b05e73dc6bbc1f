"""Whether the files of installed packages are those that were installed."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from lib_t2p.environment.repairing import site_packages
from lib_t2p.plurals import counted


def damaged(env: Path) -> dict[Path, str]:
    """Packages with missing or cut files.

    Args:
        env: a virtual environment.

    Returns:
        By `.dist-info` folder, what is wrong, such as `3 files are missing or cut, torch/x.py`.
    """
    found: dict[Path, str] = {}
    for packages in site_packages(env):
        for info in sorted(packages.glob("*.dist-info")):
            faults = _faults(packages, info)
            if faults:
                count = counted(len(faults), "file is")
                found[info] = f"{count} missing or cut, {faults[0]}"
    return found


def installed(env: Path) -> dict[str, str]:
    """Version by name of what is installed; names as `normalised`."""
    names = (info.name for folder in site_packages(env) for info in folder.glob("*.dist-info"))
    pairs = (name.removesuffix(".dist-info").partition("-") for name in names)
    return {normalised(name): version for name, _, version in pairs}


def normalised(name: str) -> str:
    """`Lion_PyTorch` -> `lion-pytorch`, by PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _faults(packages: Path, info: Path) -> list[str]:
    record = info / "RECORD"
    if not record.exists():
        return ["RECORD"]
    with record.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 3 and not row[0].endswith(".pyc")]
    return [name for name, _, size in rows if not _is_whole(packages / name, size)]


def _is_whole(file: Path, size: str) -> bool:
    try:
        return not size or file.stat().st_size == int(size)
    except (OSError, ValueError):
        return False
