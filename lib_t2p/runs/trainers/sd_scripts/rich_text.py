"""Log lines as `rich` prints them, put together again.

rich writes a log into columns (time, level, message, file and line), breaks the message at the
width of the message column, and breaks inside a word that is longer than the column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TIME = 20
_FIRST = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d |\[[^\]]{8,}\] | {20})"
    r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) +(?P<rest>.*)$"
)
_PLACE = re.compile(r" +(?P<place>[\w.-]+\.py:\d+) *$")
_INDENT = _TIME + len("WARNING  ")


def plain(text: str) -> str:
    """The text without codes that colour it or move the cursor."""
    return _ANSI.sub("", text)


def unwrapped(text: str) -> str:
    """All output with each log message in one line; carriage returns become line ends."""
    joiner = Joiner()
    lines = [line for part in pieces(text) for line in joiner.take(part)]
    return "\n".join([*lines, *joiner.rest()])


def pieces(text: str) -> list[str]:
    """Lines, where a carriage return ends a line too, without terminal codes."""
    return re.split(r"[\r\n]", plain(text))


class Joiner:
    """Joins the wrapped lines of messages; other lines pass as they are."""

    def __init__(self) -> None:
        self._open = ""
        self._width = 0
        self._full = False

    def take(self, line: str) -> Iterator[str]:
        """Take one line; gives what is complete by it: text before a log and whole messages."""
        if self._open and line.startswith(" " * _INDENT) and line.strip():
            self._go_on(line[_INDENT:])
            return
        found = _FIRST.search(line)
        if found is None:
            if line.strip() or not self._open:
                yield from self.rest()
                yield line
            return
        yield from self.rest()
        if found.start() and line[: found.start()].strip():
            yield line[: found.start()]
        self._begin(line[found.start() :], found["level"])

    def rest(self) -> list[str]:
        """The message that was still open."""
        message, self._open = self._open.strip(), ""
        return [message] if message else []

    def _begin(self, line: str, level: str) -> None:
        body = line[_INDENT:]
        place = _PLACE.search(body)
        if place is None:
            self._width = _cells(body.rstrip())
            text = body.rstrip()
        else:
            self._width = _cells(body[: place.start("place")]) - 1
            text = body[: place.start("place")].rstrip()
        self._full = _cells(text) >= self._width
        self._open = f"{level} {text}"

    def _go_on(self, text: str) -> None:
        text = text.rstrip()
        self._open += text if self._full else f" {text}"
        self._full = _cells(text) >= self._width


def _cells(text: str) -> int:
    """Columns on a terminal: wide letters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
