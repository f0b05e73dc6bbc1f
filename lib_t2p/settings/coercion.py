"""One value as its option wants it."""

from __future__ import annotations

import math
import re
from typing import Any, TypeGuard

from lib_t2p.ranges import said
from lib_t2p.settings.arguments import argument_texts
from lib_t2p.settings.options.option import Option

TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
PICKLED = (".ckpt", ".pt", ".pth", ".bin", ".pkl")
"""Endings of files that may run code when they are read."""


class Unfit(ValueError):
    """A value that its option cannot take; the text is the fault's sentence."""


def coerced(option: Option, value: Any, *, trusted: bool = False) -> Any:
    """Turn a value into its option's type and check its range.

    Args:
        trusted: whether values may name code that is not listed.

    Raises:
        Unfit: it is of another type, out of range, none of the choices, or code of others.
    """
    if option.name == "resolution":
        return _resolution(value)
    if value is None or value == "" or (value == [] and "None" in option.kind):
        if "None" in option.kind:
            return None
        if option.kind != "str" and not option.kind.startswith("tuple"):
            raise Unfit(f"{option.name} is empty: give a value or leave it out")
        if value is None:
            return "" if option.kind == "str" else ()
    kind = option.kind.replace(" | None", "")
    if kind == "bool":
        return _bool(option, value)
    if kind == "tuple[str, ...]":
        return tuple(_safe(option, text, trusted) for text in _texts(option, value))
    if "tuple[float" in kind:
        return _numbers(option, value)
    if kind == "str":
        return _safe(option, _text(option, value, trusted), trusted)
    return _number(option, value, whole=kind == "int")


def _numbers(option: Option, value: Any) -> Any:
    parts = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        parts = [parts]
    numbers = tuple(float(_number(option, part, whole=False)) for part in parts)
    if option.kind.startswith("tuple"):
        return numbers
    if not numbers:
        return None
    # One rate for all is the plain number, so that it stays the same for every trainer.
    return numbers[0] if len(set(numbers)) == 1 else numbers


def _number(option: Option, value: Any, *, whole: bool) -> int | float:
    number = _parsed(value)
    if number is None or (whole and number != int(number)):
        what = "a whole number" if whole else "a number"
        raise Unfit(f"{option.name} is {said(value)}, but must be {what}")
    low, high = option.minimum, option.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        unit = f" {option.unit}" if option.unit else ""
        raise Unfit(
            f"{option.name} is {said(number)}, but must be {_bound(low)} to {_bound(high)}{unit}"
        )
    if option.choices and f"{number:g}" not in option.choices:
        raise Unfit(
            f"{option.name} is {said(number)}, but must be one of {', '.join(option.choices)}"
        )
    if whole:
        return int(number)
    return number if option.kind.startswith("int") else float(number)


def _parsed(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, str):
            number: int | float = float(value) if not value.strip().isdecimal() else int(value)
        else:
            number = value + 0
        return number if math.isfinite(number) else None
    except (TypeError, ValueError, OverflowError):
        return None


def _bool(option: Option, value: Any) -> bool:
    text = str(value).strip().lower()
    if isinstance(value, (bool, int, str)) and text in TRUE + FALSE:
        return text in TRUE
    raise Unfit(f"{option.name} is {said(value)}, but must be true or false")


def _texts(option: Option, value: Any) -> tuple[str, ...]:
    are_arguments = option.name.endswith("_args")
    if isinstance(value, str) and _is_text(value):
        return tuple(argument_texts(value) if are_arguments else value.split())
    if isinstance(value, (list, tuple)) and all(_is_text(v) for v in value):
        if are_arguments:
            return tuple(part for text in value for part in argument_texts(text, one=True))
        return tuple(value)
    raise Unfit(f"{option.name} is {said(value)}, but must be a list of texts such as 'eps=1e-8'")


def _text(option: Option, value: Any, trusted: bool) -> str:
    if not _is_text(value):
        raise Unfit(f"{option.name} is {said(value)}, but must be a text")
    if not option.choices or not value:
        return value or str(option.default if option.choices else "")
    if option.trust:
        listed = {choice.lower(): choice for choice in option.choices}
        text = value.strip()
        if text.lower() in listed:
            return listed[text.lower()]
        if trusted or re.fullmatch(r"adafactor:[0-9.eE+-]{1,20}", text):
            return text
        raise Unfit(
            f"{option.name} is {said(value)}, which may run code of others: choose one of "
            f"{', '.join(option.choices)}, or say explicitly that you trust it"
        )
    if value not in option.choices:
        raise Unfit(
            f"{option.name} is {said(value)}, but must be one of {', '.join(option.choices)}"
        )
    return value


def _is_text(value: Any) -> TypeGuard[str]:
    if not isinstance(value, str) or "\0" in value or len(value) > 20_000:
        return False
    # Half of a letter, as JSON can write it, fits into no file.
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _bound(number: float | None) -> str:
    return str(int(number)) if number is not None and number == int(number) else f"{number:g}"


def _safe(option: Option, text: str, trusted: bool) -> str:
    if trusted or not text:
        return text
    if option.trust == "weights" and text.lower().endswith(PICKLED):
        raise Unfit(
            f"{option.name} is {said(text)}, a kind of file that may run code when it is read: "
            "take a .safetensors file, or say explicitly that you trust it"
        )
    if option.trust == "code" and not option.choices:
        raise Unfit(
            f"{option.name} is {said(text)}, which runs code of others: leave it out, or say "
            "explicitly that you trust it"
        )
    return text


def _resolution(value: Any) -> str:
    parts = [value] if isinstance(value, int) else re.split("[,x]", str(value).lower())
    sides = [_parsed(p) for p in parts]
    if len(sides) == 1:
        sides *= 2
    if len(sides) != 2 or not all(isinstance(s, int) and 16 <= s <= 4096 for s in sides):
        raise Unfit(
            f"resolution is {said(value)}, but must be a side or width,height of 16 to 4096 px"
        )
    return f"{sides[0]},{sides[1]}"
