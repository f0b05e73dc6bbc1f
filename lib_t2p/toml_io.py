"""The one place where TOML is read and written."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError, SetupError

MAX_BYTES = 4 * 1024 * 1024
READERS = ("tomllib", "tomli", "pip._vendor.tomli", "toml")
"""In this order. Python 3.10 has none of its own, nor has A1111 among its packages, and nothing is
installed there; pip, which every WebUI's environment has, brings the one that became tomllib."""


_WINDOWS_PATH = re.compile(r'"[A-Za-z]:\\[^\\"]')
"""In double quotes, where a backslash begins an escape."""


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """Parse TOML.

    Args:
        text: the document.
        where: what to call it in an error, usually a path.

    Raises:
        InputError: not TOML, nested too deep, or larger than 4 MiB.
    """
    if len(text) > MAX_BYTES:
        raise InputError(f"{where} is larger than 4 MiB, so it is no settings file of ours.")
    loads = _reader()
    try:
        return dict(loads(text))
    # Both readers' own errors are ValueErrors, as is a whole number of 5000 digits; the older one
    # stumbles over odd brackets with the others.
    except (ValueError, RecursionError, IndexError, TypeError, KeyError, OverflowError) as error:
        path = _WINDOWS_PATH.search(text)
        advice = " Write a Windows path in single quotes, or with \\\\ for each \\." if path else ""
        raise InputError(f"{where} is not valid TOML: {error}.{advice}") from error


@cache
def _reader() -> Callable[[str], Mapping[str, Any]]:
    """`loads` of the first reader that this Python has.

    Raises:
        SetupError: it has none.
    """
    for name in READERS:
        try:
            loads: Callable[[str], Mapping[str, Any]] = import_module(name).loads
        except ImportError:
            continue
        return loads
    raise SetupError(
        "This Python cannot read TOML: Python 3.11 and newer can, older ones with pip in their "
        "environment (python -m ensurepip)."
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        InputError: missing, unreadable, or not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}.") from error
    return parse_toml(text, str(path))


def dump_toml(table: Mapping[str, Any]) -> str:
    """Write a table of scalars, lists and sub-tables as TOML."""
    return "\n".join(_lines(table, ())) + "\n"


def _lines(table: Mapping[str, Any], above: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(k)} = {_value(v)}" for k, v in table.items() if not isinstance(v, Mapping)]
    for name, sub in table.items():
        if isinstance(sub, Mapping):
            path = (*above, _key(name))
            lines += ["", f"[{'.'.join(path)}]", *_lines(sub, path)]
    return lines


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare and name else json.dumps(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(value) if math.isfinite(value) else repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    # JSON's string escapes are a subset of TOML's basic strings once DEL is escaped too.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
