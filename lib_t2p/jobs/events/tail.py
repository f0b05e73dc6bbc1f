"""Reading what a process appends to a file, from where the last reader stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_MOST_BYTES = 4 << 20


@dataclass
class Tail:
    """Gives the new text of a growing file.

    Attributes:
        path: the file; it may not exist yet.
        offset: bytes given out so far; a character is never split, so the offset can be kept
            and used by another process.
    """

    path: Path
    offset: int = 0

    def read_new(self) -> str:
        """The text since the last call, at most 4 MiB; damaged bytes become U+FFFD.

        Starts over when the file became shorter than what was read.
        """
        try:
            with self.path.open("rb") as file:
                if file.seek(0, 2) < self.offset:
                    self.offset = 0
                file.seek(self.offset)
                data = file.read(_MOST_BYTES)
        except FileNotFoundError:
            return ""
        whole = data[: len(data) - _unfinished(data)]
        self.offset += len(whole)
        return whole.decode("utf-8", errors="replace")


def _unfinished(data: bytes) -> int:
    """How many bytes at the end begin a character that is not all there yet."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte & 0xC0 != 0x80:
            length = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
            return back if length > back else 0
    return 0
