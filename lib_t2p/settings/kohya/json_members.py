"""A JSON object whose text is kept, so that only edited values change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib_t2p.errors import InputError

MAX_BYTES = 4 * 1024 * 1024
"""A file of kohya_ss has about 10 KiB."""

_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Member:
    """One name of the object.

    Attributes:
        value: what its text means.
        start: where the value's text starts in the document.
        end: behind its last character.
    """

    name: str
    value: Any
    start: int
    end: int


class _NotPlain(ValueError):
    """What JSON must not hold, or not twice."""


def members(text: str, where: str) -> tuple[Member, ...]:
    """Read the members of the one object of a document.

    Args:
        text: the document, with a byte order mark or without.
        where: what to call it in an error, usually a path.

    Raises:
        InputError: too large, too deep, not JSON, no object, a name twice, or NaN in it.
    """
    if len(text) > MAX_BYTES:
        raise InputError(f"{where} is larger than 4 MiB, so it holds no settings: choose another.")
    decoder = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once)
    start = 1 if text.startswith("\ufeff") else 0
    try:
        found = tuple(_scan(text, _skip(text, start), decoder))
        _once([(m.name, m.value) for m in found])
    except RecursionError:
        raise InputError(
            f"{where} is nested too deep to hold settings: choose another file."
        ) from None
    except _NotPlain as error:
        raise InputError(f"{where} cannot be used: {error}.") from None
    except (ValueError, StopIteration, IndexError) as error:
        raise InputError(f"{where} is not valid JSON: {error}.") from None
    return found


def replaced(text: str, spans: tuple[Member, ...], changes: Mapping[str, str]) -> str:
    """Put other value texts in; new names go behind the last one in the same style.

    Args:
        spans: what `members` found in the text.
        changes: name -> JSON text of its value.
    """
    pieces, at = [], 0
    for member in spans:
        if member.name in changes:
            pieces += [text[at : member.start], changes[member.name]]
            at = member.end
    fresh = {n: v for n, v in changes.items() if n not in {m.name for m in spans}}
    if fresh:
        end = spans[-1].end if spans else text.index("{") + 1
        pieces.append(text[at:end])
        pieces.append(_added(text, spans, fresh))
        at = end
    return "".join(pieces) + text[at:]


def style(text: str, spans: tuple[Member, ...]) -> tuple[str, str]:
    """What stands before a name and between a name and its value."""
    if not spans:
        return "\n  ", ": "
    before, _, between = _around(text, spans[-1])
    return before, between


def _added(text: str, spans: tuple[Member, ...], fresh: Mapping[str, str]) -> str:
    before, between = style(text, spans)
    items = [f"{before}{json.dumps(name)}{between}{value}" for name, value in fresh.items()]
    return ("," if spans else "") + ",".join(items) + ("" if spans else "\n")


def _around(text: str, member: Member) -> tuple[str, str, str]:
    """Space before a member's name, the name's text, and what parts it from its value."""
    colon = text.rindex(":", 0, member.start)
    head = text[:colon].rstrip(" \t\r\n")
    quote = _opening(head)
    space = head[:quote]
    before = space[len(space.rstrip(" \t\r\n")) :]
    return before, head[quote:], text[len(head) : member.start]


def _opening(head: str) -> int:
    at = len(head) - 1
    while True:
        at = head.rindex('"', 0, at)
        slashes = len(head[:at]) - len(head[:at].rstrip("\\"))
        if slashes % 2 == 0:
            return at


def _scan(text: str, at: int, decoder: json.JSONDecoder) -> Iterator[Member]:
    if text[at : at + 1] != "{":
        raise _NotPlain("it holds no JSON object of settings")
    at = _skip(text, at + 1)
    if text[at : at + 1] == "}":
        _expect_end(text, at + 1)
        return
    while True:
        if text[at : at + 1] != '"':
            raise ValueError(f"a name in quotes is missing at character {at + 1}")
        name, at = decoder.raw_decode(text, at)
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise ValueError(f"a colon is missing at character {at + 1}")
        start = _skip(text, at + 1)
        value, at = decoder.raw_decode(text, start)
        yield Member(name, value, start, at)
        at = _skip(text, at)
        if text[at : at + 1] == "}":
            _expect_end(text, at + 1)
            return
        if text[at : at + 1] != ",":
            raise ValueError(f"a comma is missing at character {at + 1}")
        at = _skip(text, at + 1)


def _expect_end(text: str, at: int) -> None:
    if _skip(text, at) != len(text):
        raise ValueError(f"more text follows the object at character {at + 1}")


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _no_constant(name: str) -> Any:
    raise _NotPlain(f"it holds {name}, which is no number: give one or remove it")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for name, value in pairs:
        if name in seen:
            raise _NotPlain(f"it names {name!r} twice: remove one")
        seen[name] = value
    return seen
