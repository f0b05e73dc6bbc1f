"""The doors of the rooms: what others may use of a room, loaded when it is first asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path


def door(room: str, file: str) -> Callable[[str], object]:
    """The `__getattr__` of a room's `__init__`, whose names stand under `if TYPE_CHECKING`.

    It is set under `if not TYPE_CHECKING`, or mypy would take any name for one of the room's.

    So each name is written once, for readers, for mypy and for the import, and a room costs
    nothing until one of its names is used: a WebUI's start loads few of our modules.

    Args:
        room: name of the package.
        file: of its `__init__`.

    Raises:
        AttributeError: by the returned function, for a name that the door does not name.
    """

    @cache
    def places() -> dict[str, str]:
        return names_of(Path(file).read_text(encoding="utf-8"))

    def named(name: str) -> object:
        if name.startswith("__") or name not in places():
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        place = places()[name]
        # A whole module, which the door offers by its name.
        return (
            import_module(f"{room}.{name}")
            if place == room
            else getattr(import_module(place), name)
        )

    return named


def names_of(source: str) -> dict[str, str]:
    """Name -> module of every import under `if TYPE_CHECKING` in a door's source."""
    blocks = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name)
    ]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: node.module or "" for node in imports for alias in node.names}
