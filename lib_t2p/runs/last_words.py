"""What an output says of how its process ended, without what it lived on after."""

from __future__ import annotations

import re

_BAR = re.compile(r"\b\d{1,3}%\|[^|]*\|\s*(?P<done>\d{1,12})/(?P<total>\d{1,12})\b")
_LOG = re.compile(r"^\s*(?:\S+ +){0,2}\[?(?:INFO|WARNING|WARN|DEBUG)\b", re.I)
_WARNING = re.compile(r"\b\w*Warning: |^\s*warnings\.warn\(")
_GOES_ON = re.compile(r"^\s*(?:epoch \d+/\d+|running training|saving checkpoint|num \w+ )")
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\)")
_CAUGHT = re.compile(
    r"^(?:During handling of the above exception|The above exception was the direct cause)"
)
_ERROR = re.compile(r"^\s*(?:\S+ +){0,2}\[?(?:ERROR|CRITICAL)\b|\berror: |^Fatal |^Error\b")


def last_words(stream: str, *, plain: bool = True) -> str:
    """The lines of one output that may tell why its process ended.

    A process that counted on after an error did not die of it, and neither did one that went on
    to other messages after a line that merely sounds like an error. Warnings are never a cause.

    Args:
        stream: one message a line.
        plain: lines count that are neither marked as an error nor part of a traceback.
    """
    lines = stream.splitlines()
    lines = lines[_alive_until(lines) :]
    alive = (at + 1 for at, line in enumerate(lines) if _is_message(line) or _GOES_ON.match(line))
    quiet = max(alive, default=0) if plain else len(lines)
    inside, kept = False, []
    for at, line in enumerate(lines):
        if _TRACEBACK.match(line):
            inside = True
        if (inside or at >= quiet or _ERROR.search(line)) and not _is_message(line):
            kept.append(line)
        if inside and not line.startswith((" ", "Traceback")) and line and not _CAUGHT.match(line):
            inside = False
    return "\n".join(kept)


def shows_steps(stream: str) -> bool:
    """Whether an output has a bar, so that an end without a word in it is no error of its own."""
    return bool(_BAR.search(stream))


def _alive_until(lines: list[str]) -> int:
    """Behind the last bar that is further than those before it.

    One such bar behind a traceback is no sign of life: tqdm shows its last count when it closes.
    """
    furthest: dict[str, int] = {}
    last, beyond = 0, 2
    for at, line in enumerate(lines):
        if _TRACEBACK.match(line):
            beyond = 0
        found = _BAR.search(line)
        if found and int(found["done"]) > furthest.get(found["total"], -1):
            furthest[found["total"]] = int(found["done"])
            beyond += 1
            if beyond >= 2:
                last = at if _ERROR.search(line) else at + 1
    return last


def _is_message(line: str) -> bool:
    return bool(_LOG.match(line) or _WARNING.search(line))
