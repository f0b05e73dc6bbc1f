"""Parts of a file, read as if they were the whole of one."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, BinaryIO


class ByteRanges(io.RawIOBase):
    """A file that consists of ranges of another one, which stays open as long as it is read.

    Args:
        file: the other one.
        ranges: (start, length) in bytes, in the order in which they are read.
    """

    def __init__(self, file: BinaryIO, ranges: Iterable[tuple[int, int]]) -> None:
        self._file = file
        self._ranges = [one for one in ranges if one[1] > 0]
        self._ends = list(accumulate(length for _, length in self._ranges))
        self._size = self._ends[-1] if self._ends else 0
        self._place = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Bytes from the start."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place, as of every file."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer what lies in one range; 0 at the end."""
        number = bisect_right(self._ends, self._place)
        if number >= len(self._ranges):
            return 0
        start, length = self._ranges[number]
        skipped = self._place - (self._ends[number] - length)
        self._file.seek(start + skipped)
        data = self._file.read(min(len(buffer), length - skipped))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)
