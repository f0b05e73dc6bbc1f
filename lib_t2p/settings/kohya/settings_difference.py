"""In what two settings files differ, across kinds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.settings.kohya.config import shown_value
from lib_t2p.settings.kohya.gui_json import read_gui
from lib_t2p.settings.kohya.gui_keys import known_keys
from lib_t2p.settings.kohya.reading import kind_of, read_config
from lib_t2p.settings.options.table import all_options


@dataclass(frozen=True)
class SettingsDifference:
    """One name with two values.

    Attributes:
        name: an option's, or a key that only the files know.
        first: in the first file; an option's default where it says nothing.
        second: in the second file.
        known: whether it is an option.
    """

    name: str
    first: Any
    second: Any
    known: bool = True


def differences(first: Path, second: Path) -> list[SettingsDifference]:
    """Compare by option names, then what accelerate is told, then keys that no option carries.

    Raises:
        InputError: a file cannot be read.
    """
    one, two = read_config(first), read_config(second)
    found = []
    for name, option in all_options().items():
        pair = [shown_value(name, c.values.get(name, option.default)) for c in (one, two)]
        if pair[0] != pair[1]:
            found.append(SettingsDifference(name, *pair))
    if one.family != two.family and one.family and two.family:
        found.append(SettingsDifference("family", one.family, two.family))
    found += _others(dict(one.launch), dict(two.launch))
    return found + _others(_strange(first), _strange(second))


def _others(one: dict[str, Any], two: dict[str, Any]) -> list[SettingsDifference]:
    return [
        SettingsDifference(name, one.get(name), two.get(name), known=False)
        for name in (*one, *(n for n in two if n not in one))
        if one.get(name) != two.get(name)
    ]


def _strange(path: Path) -> dict[str, Any]:
    """Keys of a GUI JSON that are read by nobody here."""
    if kind_of(path) != "gui":
        return {}
    return {k: v for k, v in read_gui(path).values.items() if k not in known_keys()}
