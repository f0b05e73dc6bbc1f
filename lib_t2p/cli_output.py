"""The one place that prints to a shell."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line end, and those that turn the direction of writing."""


_NUMBER = re.compile(r"[-+~<>=]*[\d.,:/]|$|-$")
"""How a cell of numbers begins: with a digit, a sign before one, or not at all."""


def harmless(text: str) -> str:
    """A text of whatever file or person, without what would steer a terminal."""
    return _STEERING.sub(lambda found: repr(found[0])[1:-1], text)


class Output:
    """Prints lines, and progress that rewrites itself on a terminal.

    Args:
        stream: where to print; a terminal gets rewriting progress, a file one line per tenth.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._live = self._stream.isatty()
        self._open = False
        self._last_tenth: tuple[str, int] = ("", -1)

    def line(self, text: str = "") -> None:
        """Print one line."""
        self._close_progress()
        self._write(harmless(text) + "\n")

    def progress(self, label: str, done: int, total: int, unit: str, note: str = "") -> None:
        """Show `done` of `total`; `total` 0 means unknown."""
        share = f"{done}/{total}" if total else str(done)
        text = harmless(f"  {label}: {share} {unit}{'s' if total != 1 else ''}{note}")
        tenth = (label, 10 * done // total if total else done)
        if self._live:
            self._write("\r\x1b[K" + text)
            self._open = True
        elif tenth != self._last_tenth:
            self._write(text + "\n")
        self._last_tenth = tenth

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print columns; those of numbers are set to the right, but never the first."""
        columns = range(len(header))
        widths = [max(_width(row[i]) for row in [header, *rows]) for i in columns]
        right = [i > 0 and all(_NUMBER.match(row[i]) for row in rows) for i in columns]
        for row in [header, ["-" * width for width in widths], *rows]:
            gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
            cells = (g + c if r else c + g for c, g, r in zip(row, gaps, right, strict=True))
            self.line("  " + "  ".join(cells).rstrip())

    def _close_progress(self) -> None:
        if self._open:
            self._write("\n")
            self._open = False

    def _write(self, text: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        # A Windows console may not know every letter of a person's name.
        print(text.encode(encoding, "replace").decode(encoding), end="", file=self._stream)
        self._stream.flush()


def _width(text: str) -> int:
    """Places on a terminal: letters of China, Japan and Korea take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
