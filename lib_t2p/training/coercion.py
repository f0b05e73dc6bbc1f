"""One value as its option wants it."""

from __future__ import annotations

import math
from typing import Any

from lib_t2p.training.options.option import Option

TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class Unfit(ValueError):
    """A value that its option cannot take; the text is the fault's sentence."""


def coerced(option: Option, value: Any) -> Any:
    """Turn a value into its option's type and check its range.

    Raises:
        Unfit: it is of another type, out of range, or none of the choices.
    """
    if value is None or value == "":
        if "None" in option.kind:
            return None
        if option.kind != "str":
            raise Unfit(f"{option.name} is empty: give a value or leave it out")
    kind = option.kind.replace(" | None", "")
    if option.name == "resolution":
        return _resolution(value)
    if kind == "bool":
        return _bool(option, value)
    if kind.startswith("tuple"):
        return _texts(option, value)
    if kind == "str":
        return _text(option, value)
    return _number(option, value, whole=kind == "int")


def _number(option: Option, value: Any, *, whole: bool) -> int | float:
    number = _parsed(value)
    if number is None or (whole and number != int(number)):
        what = "a whole number" if whole else "a number"
        raise Unfit(f"{option.name} is {value!r}, but must be {what}")
    low, high = option.minimum, option.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        unit = f" {option.unit}" if option.unit else ""
        raise Unfit(f"{option.name} is {value}, but must be {low:g} to {high:g}{unit}")
    if whole:
        return int(number)
    return number if option.kind.startswith("int") else float(number)


def _parsed(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, str):
            number: int | float = float(value) if not value.strip().isdigit() else int(value)
        else:
            number = value + 0
        return number if math.isfinite(number) else None
    except (TypeError, ValueError, OverflowError):
        return None


def _bool(option: Option, value: Any) -> bool:
    text = str(value).strip().lower()
    if isinstance(value, (bool, int, str)) and text in TRUE + FALSE:
        return text in TRUE
    raise Unfit(f"{option.name} is {value!r}, but must be true or false")


def _texts(option: Option, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
        return tuple(value)
    raise Unfit(f"{option.name} is {value!r}, but must be a list of texts such as 'eps=1e-8'")


def _text(option: Option, value: Any) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > 20_000:
        raise Unfit(f"{option.name} is {str(value)[:60]!r}, but must be a text")
    if option.choices and value not in option.choices:
        raise Unfit(f"{option.name} is {value!r}, but must be one of {', '.join(option.choices)}")
    return value


def _resolution(value: Any) -> str:
    parts = [value] if isinstance(value, int) else str(value).replace("x", ",").split(",")
    sides = [_parsed(p) for p in parts]
    if len(sides) == 1:
        sides *= 2
    if len(sides) != 2 or not all(isinstance(s, int) and 16 <= s <= 4096 for s in sides):
        raise Unfit(f"resolution is {value!r}, but must be a side or width,height of 16 to 4096 px")
    return f"{sides[0]},{sides[1]}"
