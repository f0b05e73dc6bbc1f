"""Where recipes lie as files; light, since the WebUI asks for their names at each start."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PRESETS = Path(__file__).resolve().parents[2] / "presets"
"""Those that ship with us."""


def recipe_files(folders: Sequence[Path] = (PRESETS,)) -> dict[str, Path]:
    """Name -> file, by name; a name in a later folder takes precedence. None is read."""
    found = {p.stem: p for folder in folders for p in folder.glob("*.toml")}
    return dict(sorted(found.items()))
