"""Recipes: named sets of training settings in TOML files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.toml_io import read_toml

PRESETS = Path(__file__).resolve().parents[2] / "presets"
SCHEMA = 1


@dataclass(frozen=True)
class Recipe:
    """A recipe.

    Attributes:
        name: file name without suffix.
        title: for a list.
        description: what it is good for, one or two sentences.
        values: settings by sd-scripts' option names, still unchecked.
    """

    name: str
    title: str
    description: str
    values: Mapping[str, Any]


def list_recipes(folders: Sequence[Path] = (PRESETS,)) -> list[Recipe]:
    """All recipes, by name; a name in a later folder takes precedence."""
    found = {p.stem: p for folder in folders for p in sorted(folder.glob("*.toml"))}
    return [_read(path) for _, path in sorted(found.items())]


def load_recipe(name: str, folders: Sequence[Path] = (PRESETS,)) -> Recipe:
    """Read a recipe by its name, or from a path that ends in `.toml`.

    Raises:
        InputError: there is none of that name, or the file is damaged.
    """
    if name.endswith(".toml"):
        return _read(Path(name))
    known = {p.stem: p for folder in folders for p in folder.glob("*.toml")}
    if name not in known:
        named = ", ".join(sorted(known))
        raise InputError(f"There is no recipe {name!r}: choose one of {named}.")
    return _read(known[name])


def _read(path: Path) -> Recipe:
    table = read_toml(path)
    values, schema = table.get("settings"), table.get("schema")
    if not isinstance(values, dict) or schema != SCHEMA:
        raise InputError(f"{path} is no recipe: it needs schema = {SCHEMA} and a [settings] table.")
    title = str(table.get("title", path.stem))
    return Recipe(path.stem, title, str(table.get("description", "")), values)
