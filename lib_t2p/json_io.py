"""The one place where JSON that others wrote is read, and where ours is made valid."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from lib_t2p.errors import InputError

_HALF = re.compile("[\ud800-\udfff]")
MOST_DIGITS = 300
"""Of a whole number: a float holds no longer one."""


def loads(
    data: str | bytes,
    parse_constant: Callable[[str], Any] | None = None,
    object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Any:
    """`json.loads` for what others wrote: each whole number that it gives fits into a float.

    Raises:
        ValueError: no JSON, or a whole number of more than `MOST_DIGITS` digits.
        RecursionError: nested too deep.
    """
    return json.loads(
        data,
        parse_int=_whole,
        parse_constant=parse_constant,
        object_pairs_hook=object_pairs_hook,
    )


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a whole number of {len(digits)} digits")
    return int(digits)


def parse_json(data: str | bytes, where: str, *, strict: bool = False) -> Any:
    """Parse JSON.

    Args:
        data: the document; bytes are UTF-8, UTF-16 or UTF-32, as JSON allows.
        where: what to call it in an error, usually a path.
        strict: refuse what JSON itself does not know, NaN and Infinity, and half letters
            (`\\ud800`), which fit into no file.

    Raises:
        InputError: no JSON, nested too deep, a whole number of more than 300 digits, or, when
            strict, any of these.
    """
    constant: Callable[[str], float] | None = _refuse if strict else None
    try:
        value = loads(data, constant)
        # Nothing but an escape can make half a letter of UTF-8.
        if strict and has_half_letter(value):
            raise ValueError("it holds half a letter, such as \\ud800")
    except RecursionError as error:
        raise InputError(f"{where} is nested too deep.") from error
    except ValueError as error:
        raise InputError(f"{where} is no JSON that can be used: {error}.") from error
    return value


def json_text(value: Any, **options: Any) -> str:
    """Write JSON that every reader takes: NaN and Infinity, which it does not know, become null.

    Args:
        value: what `json.dumps` takes.
        options: of `json.dumps`, but `allow_nan`.
    """
    try:
        return json.dumps(value, allow_nan=False, **options)
    except ValueError:
        return json.dumps(finite(value), allow_nan=False, **options)


def finite(value: Any) -> Any:
    """A value of JSON in which null stands for each number that is none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(each) for each in value]
    return value


def has_half_letter(value: Any) -> bool:
    """Whether a text in a value of JSON, key or not, holds a lone surrogate."""
    if isinstance(value, str):
        return bool(_HALF.search(value))
    if isinstance(value, dict):
        return any(has_half_letter(k) or has_half_letter(v) for k, v in value.items())
    return isinstance(value, list) and any(has_half_letter(each) for each in value)


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
