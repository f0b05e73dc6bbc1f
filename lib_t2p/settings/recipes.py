"""Recipes: named sets of training settings in TOML files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError, T2PError
from lib_t2p.files import slug, write_text
from lib_t2p.settings.recipe_places import PRESETS, recipe_files
from lib_t2p.settings.settings import changed_values, settings_from
from lib_t2p.toml_io import dump_toml, read_toml
from lib_t2p.workspace import Workspace

SCHEMA = 1
_REMARK = re.compile(r"^(?P<name>\w+) *= *(?:\"[^\"]*\"|\[[^\]]*\]|[^#\"\[]+?) *# *(?P<remark>.+)$")


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


def recipe_folders(workspace: Workspace) -> tuple[Path, Path]:
    """Where recipes lie: those that ship with us, then those that people saved."""
    return PRESETS, workspace.recipes


def list_recipes(folders: Sequence[Path] = (PRESETS,)) -> list[Recipe]:
    """All recipes, by name; a name in a later folder takes precedence.

    A damaged file among those that people saved is left out, so that it hides no other.
    """
    recipes = []
    for path in recipe_files(folders).values():
        try:
            recipes.append(_read(path))
        except T2PError:
            if path.parent == PRESETS:
                raise
    return recipes


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


def recipe_sources(name: str, folders: Sequence[Path] = (PRESETS,)) -> dict[str, str]:
    """Where the numbers of a recipe come from: setting -> the remark behind it in the file.

    Raises:
        InputError: there is no recipe of that name.
    """
    load_recipe(name, folders)
    path = next(f for f in (g / f"{name}.toml" for g in reversed(folders)) if f.exists())
    lines = (_REMARK.match(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {found["name"]: found["remark"].strip() for found in lines if found}


def save_recipe(
    workspace: Workspace,
    name: str,
    values: Mapping[str, Any],
    *,
    title: str = "",
    description: str = "",
) -> Recipe:
    """Keep settings as a recipe of one's own.

    Args:
        workspace: where recipes of people lie.
        name: as typed; the file's name is made of it.
        values: settings by option name; the defaults among them are not written.
        title: for the list; the typed name when empty.
        description: one or two sentences.

    Raises:
        SettingsError: the settings cannot be used; all faults.
        InputError: a recipe of that name exists.
        WorkspaceError: the name has no letter or digit, or the disk is full.
    """
    settings = changed_values(settings_from(values))
    path = workspace.recipes / f"{slug(name)}.toml"
    if path.exists() or (PRESETS / path.name).exists():
        raise InputError(f"A recipe named {path.stem!r} exists already: choose another name.")
    head = {"schema": SCHEMA, "title": title.strip() or name.strip(), "description": description}
    write_text(path, dump_toml({**head, "settings": settings}))
    return _read(path)


def is_own_recipe(workspace: Workspace, name: str) -> bool:
    """Whether a person saved the recipe of that name."""
    return any(path.stem == name for path in workspace.recipes.glob("*.toml"))


def delete_recipe(workspace: Workspace, name: str) -> None:
    """Remove a recipe that a person saved.

    Raises:
        InputError: there is none of that name among them; those that ship with us stay.
    """
    if not is_own_recipe(workspace, name):
        raise InputError(f"{name!r} is no recipe of your own: only those can be deleted.")
    (workspace.recipes / f"{name}.toml").unlink(missing_ok=True)


def _read(path: Path) -> Recipe:
    table = read_toml(path)
    values, schema = table.get("settings"), table.get("schema")
    if not isinstance(values, dict) or schema != SCHEMA:
        raise InputError(f"{path} is no recipe: it needs schema = {SCHEMA} and a [settings] table.")
    title = str(table.get("title", path.stem))
    return Recipe(path.stem, title, str(table.get("description", "")), values)
