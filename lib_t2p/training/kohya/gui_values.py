"""Values as the GUI writes them: a number or its text, a tick or its text."""

from __future__ import annotations

import shlex
from typing import Any


def number(value: Any) -> float | None:
    """A number, or the number in a text; None when it is neither."""
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def is_on(value: Any) -> bool:
    """Whether a tick is set, as true, 1 or a text of these."""
    return value is True or str(value).strip().lower() in ("true", "1")


def text(value: Any) -> str:
    """A text, or nothing."""
    return value.strip() if isinstance(value, str) else ""


def off(value: Any) -> bool:
    """Whether a value says nothing: empty, false, 0, or a text of these."""
    if value is None or value is False or value in ([], {}):
        return True
    return number(value) == 0 or str(value).strip().lower() in ("", "none", "false")


def words(value: Any) -> Any:
    """`name=value` texts parted as a shell would; other than text stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        return shlex.split(value)
    except ValueError:
        return value.replace('"', "").split()
