"""Opening ZIP archives in which a name claims to be UTF-8 and is not.

`zipfile` gives up the whole archive over one such name. Its mark is taken away while the directory
is read, so that the name is read as the code page of old instead.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
"""Signatures by PKWARE's APPNOTE 6.3.10, 4.3.12 and 4.3.16."""
_END_SIZE, _ENTRY_SIZE = 22, 46
_LONGEST_COMMENT = 1 << 16
_UTF_8 = 0x08
"""In the higher byte of an entry's flags."""


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive for reading; raises what `zipfile` raises for damaged ones."""
    try:
        archive = zipfile.ZipFile(path)
    except UnicodeDecodeError:
        with path.open("rb") as file, zipfile.ZipFile(_Mended(file)) as mended:
            yield mended
        return
    with archive:
        yield archive


class _Mended(io.RawIOBase):
    """The file, with other bytes in some places."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._bytes = dict(_wrong_marks(file))

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        start = self._file.tell()
        data = bytearray(self._file.read(size))
        for place, byte in self._bytes.items():
            if start <= place < start + len(data):
                data[place - start] = byte
        return bytes(data)


def _wrong_marks(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Places of the flags of names that are no UTF-8, and what should stand there."""
    size = file.seek(0, io.SEEK_END)
    tail_start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_SIZE:
        return
    length, claimed = struct.unpack("<LL", tail[end + 12 : end + 20])
    start = max(0, tail_start + end - length)
    file.seek(start)
    directory = file.read(length)
    place = 0
    while directory[place : place + 4] == _ENTRY and len(directory) - place >= _ENTRY_SIZE:
        name, extra, comment = struct.unpack("<HHH", directory[place + 28 : place + 34])
        first = place + _ENTRY_SIZE
        if directory[place + 9] & _UTF_8 and not _is_utf_8(directory[first : first + name]):
            byte = directory[place + 9] & ~_UTF_8
            yield start + place + 9, byte
            # The file's own header repeats the mark; bytes before the archive shift it.
            header = struct.unpack("<L", directory[place + 42 : place + 46])[0]
            yield header + start - claimed + 7, byte
        place = first + name + extra + comment


def _is_utf_8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
