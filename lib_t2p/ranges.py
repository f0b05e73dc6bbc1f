"""Numbers that people and files give: whether they lie in a range, and how that is said."""

from __future__ import annotations

import math
from typing import Any, TypeGuard

MOST_DIGITS = 18
"""Of a whole number in a text: it fits into 64 bits."""

SHOWN = 80
"""Letters of a value that a fault repeats."""


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether it is a finite int or float, of any size, and no bool."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def whole_number(text: str) -> int | None:
    """The whole number that a text of up to 18 digits 0 to 9 is; None for any other text.

    `isdigit` alone also takes `²`, and `int` fails for more than 4300 digits.
    """
    fits = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if fits else None


def within(value: Any, low: float, high: float) -> bool:
    """Whether it is a number from `low` to `high`, both included."""
    # Python compares whole numbers of any size; only turning them into floats can fail.
    return is_number(value) and bool(low <= value <= high)


def number_text(value: float) -> str:
    """A number for a sentence, such as `0.9` or `12`, and of a very long one its beginning."""
    try:
        return f"{value:g}"
    except OverflowError:
        return said(value)


def said(value: Any) -> str:
    """Any value for a sentence, as Python writes it, cut after `SHOWN` letters."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        # A whole number of more than 4300 digits, perhaps somewhere inside.
        return f"a {type(value).__name__} that is too large to be shown"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
