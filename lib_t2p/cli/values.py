"""Reading typed lists and `OPTION=VALUE` pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from lib_t2p.errors import FaultsError, InputError
from lib_t2p.toml_io import parse_toml

T = TypeVar("T")


def pairs(texts: Sequence[str]) -> dict[str, Any]:
    """Read `OPTION=VALUE`; a value is TOML where that parses, else plain text.

    Raises:
        FaultsError: every text that has no `=` or no option.
    """
    found: dict[str, Any] = {}
    faults = []
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark or not name.strip():
            faults.append(f"{text!r} is not OPTION=VALUE")
            continue
        found[name.strip()] = _value(value.strip())
    if faults:
        raise FaultsError("--set", faults)
    return found


def numbers(text: str, kind: Callable[[str], T], what: str) -> tuple[T, ...]:
    """Read a list separated by commas.

    Raises:
        FaultsError: every part that is no number.
    """
    good: list[T] = []
    faults = []
    for part in text.split(","):
        try:
            good.append(kind(part.strip()))
        except ValueError:
            faults.append(f"{part.strip()!r} is no number")
    if faults:
        raise FaultsError(what, faults)
    return tuple(good)


def _value(text: str) -> Any:
    try:
        return parse_toml(f"value = {text}", "--set")["value"]
    except InputError:
        return text
