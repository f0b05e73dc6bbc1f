"""Ready sweeps: the guide's comparison pages, each as a file of `presets/sweeps`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.settings import PRESETS
from lib_t2p.sweeps.storing import axes_from
from lib_t2p.sweeps.sweep import Mode, Repeated
from lib_t2p.sweeps.sweep_axes import SweepAxis
from lib_t2p.toml_io import read_toml

SCHEMA = 1
FOLDER = PRESETS / "sweeps"


@dataclass(frozen=True)
class ReadySweep:
    """A sweep that only lacks the person, the dataset and the checkpoint.

    Attributes:
        name: file name without suffix.
        title: for a list.
        description: what it compares, and what the guide saw.
        recipe: the base.
        settings: what differs from the recipe in every run.
        photo_repeats: times that a photo is shown per epoch; 0 keeps the dataset's own.
        axes: what differs between runs.
        needs: axes that the person must give values for -> which, in one sentence.
        mode: as in `Sweep`.
        repeats: as in `Sweep`.
        repeated: as in `Sweep`.
    """

    name: str
    title: str
    description: str
    recipe: str
    settings: Mapping[str, Any]
    photo_repeats: int
    axes: tuple[SweepAxis, ...]
    needs: Mapping[str, str]
    mode: Mode
    repeats: int
    repeated: Repeated


def list_ready(folder: Path = FOLDER) -> list[ReadySweep]:
    """All ready sweeps, by name; raises `InputError` for a damaged file."""
    return [_read(path) for path in sorted(folder.glob("*.toml"))]


def load_ready(name: str, folder: Path = FOLDER) -> ReadySweep:
    """Read a ready sweep by its name.

    Raises:
        InputError: there is none of that name, or the file is damaged.
    """
    paths = {path.stem: path for path in folder.glob("*.toml")}
    if name not in paths:
        named = ", ".join(sorted(paths))
        raise InputError(f"There is no ready sweep {name!r}: choose one of {named}.")
    return _read(paths[name])


def _read(path: Path) -> ReadySweep:
    table = read_toml(path)
    settings, needs = table.get("settings", {}), table.get("needs", {})
    if table.get("schema") != SCHEMA or not isinstance(table.get("recipe"), str):
        raise InputError(f"{path} is no ready sweep: it needs schema = {SCHEMA} and a recipe.")
    if not isinstance(settings, dict) or not isinstance(needs, dict):
        raise InputError(f"{path} is no ready sweep: [settings] and [needs] must be tables.")
    mode: Mode = "one_at_a_time" if table.get("mode") == "one_at_a_time" else "product"
    return ReadySweep(
        name=path.stem,
        title=str(table.get("title", path.stem)),
        description=str(table.get("description", "")),
        recipe=table["recipe"],
        settings=settings,
        photo_repeats=int(table.get("photo_repeats", 0)),
        axes=axes_from(table, str(path)),
        needs={name: str(text) for name, text in needs.items()},
        mode=mode,
        repeats=int(table.get("repeats", 1)),
        repeated="base" if table.get("repeated") == "base" else "every",
    )
