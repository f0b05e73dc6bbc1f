"""Configs that lie beside logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lib_t2p.errors import T2PError
from lib_t2p.training.kohya.reading import read_config
from lib_t2p.training.logs.names import without_date
from lib_t2p.training.settings import Settings

ENDINGS = (".json", ".toml")
LOGS, CONFIGS = "logs", "configs"
"""Folders of the guide: what lies at `logs/PAGE/RUN/` has its config at `configs/PAGE/RUN.json`."""


@dataclass(frozen=True)
class FoundConfig:
    """The config of a run.

    Attributes:
        path: None when there is none.
        values: by sd-scripts' names, in their options' types where they fit.
        settings: checked; None when the config has faults.
        fault: why it could not be used, one sentence; empty when it could.
    """

    path: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    settings: Settings | None = None
    fault: str = ""


def config_of(folder: Path, run: Path) -> FoundConfig:
    """Find and read the config of a run.

    Args:
        folder: that was pointed at.
        run: folder of event files in it.
    """
    path = next((p for p in _candidates(folder, run) if p.is_file()), None)
    if path is None:
        return FoundConfig()
    try:
        config = read_config(path).fitted()
    except T2PError as error:
        return FoundConfig(path, fault=_one_line(error))
    try:
        # Nothing is run, so names of code need no leave.
        return FoundConfig(path, config.values, config.settings(trusted=True))
    except T2PError:
        # What our checks refuse was trained all the same; its values still name causes.
        return FoundConfig(path, config.values)


def _candidates(folder: Path, run: Path) -> list[Path]:
    """Where the config may be, the nearest first."""
    inside = run.relative_to(folder)
    bases = [run, run.with_name(without_date(run.name))]
    for root, path in _mirrors(folder, inside):
        if path.name:
            bases += [root / path, root / path.with_name(without_date(path.name))]
    # No `with_suffix`: `1.02` has no ending to be replaced.
    return [base.with_name(base.name + ending) for base in bases for ending in ENDINGS]


def _mirrors(folder: Path, inside: Path) -> list[tuple[Path, Path]]:
    found = [(folder / CONFIGS, inside)]
    if inside.parts[:1] == (LOGS,):
        found.append((folder / CONFIGS, Path(*inside.parts[1:])))
    # The folder may be `logs` itself or any page in it.
    for parent in folder.parents:
        below = folder.relative_to(parent)
        if below.parts[:1] == (LOGS,):
            found.append((parent / CONFIGS, Path(*below.parts[1:]) / inside))
    return found


def _one_line(error: T2PError) -> str:
    return " ".join(str(error).split())
