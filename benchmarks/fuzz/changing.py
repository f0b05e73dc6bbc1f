"""Small changes of inputs; what is put in comes from a list of oddities or from other inputs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.fuzz.oddities import ODD_NUMBERS, ODD_TEXTS

LEAVES = 50
"""Parts of another input among which one is taken."""


def changed(inputs: Sequence[Any], luck: random.Random, fixed: int, *, typed: bool = False) -> Any:
    """One of the inputs, with one to three changes; its first `fixed` parts stay.

    Args:
        inputs: one at least.
        luck: seeded.
        fixed: parts of a list that stay.
        typed: whether every part keeps its type.
    """
    made = luck.choice(inputs)
    for _ in range(luck.choice((1, 1, 2, 3))):
        other = luck.choice(inputs)
        leaves = _leaves(other[fixed:] if fixed else other)
        odd = (luck.choice(ODD_TEXTS), luck.choice(ODD_NUMBERS), luck.choice(leaves))
        if fixed:
            made = [*made[:fixed], *_list(near_to(list(made[fixed:]), luck, [odd], typed=typed))]
        else:
            made = near_to(made, luck, [odd], typed=typed)
    return made


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _leaves(value: Any) -> list[Any]:
    found, waiting = [value], [value]
    while waiting and len(found) < LEAVES:
        part = waiting.pop()
        inner = part.values() if isinstance(part, dict) else part
        if isinstance(part, (dict, list, tuple)):
            waiting += inner
            found += inner
    return found


def near_to(
    good: Any, luck: random.Random, odds: list[tuple[str, Any, Any]], *, typed: bool = False
) -> Any:
    """A value of JSON in which odd ones (text, number, anything) have taken places."""
    made = good
    for odd in odds:
        made = _exchanged(made, luck, odd, typed)
    return made


def _exchanged(value: Any, luck: random.Random, odd: tuple[str, Any, Any], typed: bool) -> Any:
    holds = isinstance(value, (dict, list, tuple)) and value
    if not holds or (not typed and luck.random() < 0.1):
        return _other(value, luck, odd, typed)
    if isinstance(value, dict):
        key = luck.choice(list(value))
        if not typed and luck.random() < 0.05:
            return {k: v for k, v in value.items() if k != key}
        if not typed and luck.random() < 0.05:
            return {**value, odd[0][:200]: value[key]}
        return {**value, key: _exchanged(value[key], luck, odd, typed)}
    at = luck.randrange(len(value))
    if luck.random() < 0.2:
        return value * luck.choice((0, 2, 40))
    return [*value[:at], _exchanged(value[at], luck, odd, typed), *value[at + 1 :]]


def _other(value: Any, luck: random.Random, odd: tuple[str, Any, Any], typed: bool) -> Any:
    """Mostly another value of the same type, which gets past the first checks."""
    text, number, anything = odd
    if not typed and luck.random() < 0.3:
        return anything
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return int(number) if abs(number) < 1e300 else number
    if isinstance(value, float):
        return number
    if isinstance(value, str):
        return luck.choice((text, near_to_text(value, luck, [text])))
    if isinstance(value, bytes):
        return near_to_bytes(value, luck)
    return value if typed else anything


def near_to_text(good: str, luck: random.Random, odd: list[str]) -> str:
    """A text into which odd ones were put, or in which parts were doubled or dropped."""
    made = good
    for text in odd:
        start = luck.randrange(len(made) + 1)
        end = min(len(made), start + luck.choice((0, 0, 1, 1, 2, 5, 20)))
        made = made[:start] + luck.choice((text, text, "", made[start:end] * 2)) + made[end:]
    return made


def near_to_bytes(good: bytes, luck: random.Random) -> bytes:
    """Bytes of which some were turned, cut, doubled or moved."""
    made = bytearray(good)
    for _ in range(luck.choice((1, 1, 2, 4, 16))):
        at = luck.randrange(len(made) + 1) if luck.random() < 0.5 else luck.randrange(64)
        act = luck.randrange(6)
        if act == 0 and made:
            made[at % len(made)] ^= 1 << luck.randrange(8)
        elif act == 1 and made:
            made[at % len(made)] = luck.choice((0, 1, 127, 128, 254, 255, luck.randrange(256)))
        elif act == 2:
            del made[at:]
        elif act == 3:
            del made[at : at + luck.choice((1, 2, 4, 16))]
        elif act == 4:
            made[at:at] = luck.randbytes(luck.choice((1, 2, 4, 8)))
        else:
            wide = luck.choice((b"\xff" * 4, b"\0" * 8, b"\xff" * 8, b"\x7f\xff\xff\xff"))
            made[at : at + len(wide)] = wide
    return bytes(made)


def each_odd(good: Any, odd: Sequence[Any]) -> Iterator[Any]:
    """A value of JSON again and again, each time with one part of it exchanged for one of `odd`."""
    yield from odd
    parts: list[tuple[Any, Any]] = []
    if isinstance(good, dict):
        parts = list(good.items())
    elif isinstance(good, list):
        parts = list(enumerate(good))
    for key, part in parts:
        for other in each_odd(part, odd):
            if isinstance(good, dict):
                yield {**good, key: other}
            else:
                yield [*good[:key], other, *good[key + 1 :]]
