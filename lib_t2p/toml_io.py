"""The one place where TOML is read and written."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError

MAX_BYTES = 4 * 1024 * 1024


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
    if sys.version_info >= (3, 11):
        import tomllib as reader
    else:
        import toml as reader
    try:
        return dict(reader.loads(text))
    # Both readers' own errors are ValueErrors, as is a whole number of 5000 digits; the older one
    # stumbles over odd brackets with the others.
    except (ValueError, RecursionError, IndexError, TypeError, KeyError, OverflowError) as error:
        path = _WINDOWS_PATH.search(text)
        advice = " Write a Windows path in single quotes, or with \\\\ for each \\." if path else ""
        raise InputError(f"{where} is not valid TOML: {error}.{advice}") from error


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
