"""Numbers that people type."""

from __future__ import annotations

import math
import re
from typing import Any

from lib_t2p.errors import InputError


def whole_number(value: Any, label: str) -> int:
    """A whole number out of a number field; raises `InputError` naming the field."""
    number = real_number(value, label)
    if number != int(number):
        raise InputError(f"{label} is {number:g}: it must be a whole number.")
    return int(number)


def real_number(value: Any, label: str) -> float:
    """A finite number out of a number field; raises `InputError` naming the field."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{label} is empty or no number: type one.")
    return number


def number_list(typed: str | None, label: str) -> tuple[float, ...]:
    """Numbers parted by commas, semicolons or spaces, such as `0.6, 0.8, 1`.

    Raises:
        InputError: a part is no number, or there is none.
    """
    parts = [part for part in re.split(r"[,;\s]+", typed or "") if part]
    if not parts:
        raise InputError(f"{label}: type at least one number.")
    return tuple(real_number(part, f"{label}: {part!r}") for part in parts)
