"""The options that a checkout of sd-scripts has, read from its source; nothing of it is run.

An option that its parser does not know is dropped from a configuration file without a word.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ENTRIES = {"sd15": "train_network.py", "sdxl": "sdxl_train_network.py"}
"""Family -> the script that trains it."""

_SETUP = "setup_parser"


def own_options(folder: Path, family: str) -> frozenset[str]:
    """Names of all options of the script that trains a family.

    Follows `setup_parser` of the script through the functions that it hands its parser to.

    Args:
        folder: the checkout.
        family: `sd15` or `sdxl`.

    Returns:
        Names without dashes; empty when the source is not understood.
    """
    entry = folder / ENTRIES[family]
    files = [entry, *sorted(folder.glob("library/*.py"))]
    marks = tuple((str(f), f.stat().st_mtime) for f in files if f.is_file())
    return _read(str(folder), entry.stem, marks)


@lru_cache(maxsize=16)
def _read(folder: str, entry: str, _marks: tuple[tuple[str, float], ...]) -> frozenset[str]:
    reader = _Reader(Path(folder))
    try:
        return frozenset(reader.of_script(entry))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return frozenset()


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._library: dict[str, ast.FunctionDef] = {}
        for file in sorted(folder.glob("library/*.py")):
            self._library |= _functions(file)
        self._seen: set[str] = set()

    def of_script(self, stem: str) -> set[str]:
        own = _functions(self._folder / f"{stem}.py")
        return self._of(own[_SETUP], own) if _SETUP in own else set()

    def _of(self, function: ast.FunctionDef, own: dict[str, ast.FunctionDef]) -> set[str]:
        names: set[str] = set()
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            names |= set(_added(call))
            called, owner = _called(call)
            if called == _SETUP and owner and (self._folder / f"{owner}.py").is_file():
                names |= self.of_script(owner)
            target = own.get(called) or self._library.get(called)
            if target is not None and called not in self._seen and called != _SETUP:
                self._seen.add(called)
                names |= self._of(target, own)
        return names


def _functions(file: Path) -> dict[str, ast.FunctionDef]:
    with warnings.catch_warnings():
        # Of its escape sequences, which are none of our business.
        warnings.simplefilter("ignore")
        tree = ast.parse(file.read_text(encoding="utf-8", errors="replace"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _called(call: ast.Call) -> tuple[str, str]:
    """Name of what is called, and of the module or object that it belongs to."""
    if isinstance(call.func, ast.Name):
        return call.func.id, ""
    if isinstance(call.func, ast.Attribute):
        owner = call.func.value
        return call.func.attr, owner.id if isinstance(owner, ast.Name) else ""
    return "", ""


def _added(call: ast.Call) -> Iterator[str]:
    if _called(call)[0] != "add_argument":
        return
    for given in call.args:
        if isinstance(given, ast.Constant) and str(given.value).startswith("--"):
            yield str(given.value)[2:]
