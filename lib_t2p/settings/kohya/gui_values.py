"""Values as the GUI writes them: a number or its text, a tick or its text."""

from __future__ import annotations

from typing import Any

from lib_t2p.settings.arguments import argument_texts


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


def arguments(value: Any) -> Any:
    """`name=value` texts of one text; other than text stays as it is."""
    return argument_texts(value) if isinstance(value, str) else value
