"""Reads the numbers of a training while it writes them."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.curves.scalars.batches import read_events
from lib_t2p.curves.scalars.events import Scalar
from lib_t2p.curves.scalars.records import HEAD, find_records, length_at
from lib_t2p.folder_walk import files_below

PIECE = 4 << 20
"""Bytes read at once; a record that is larger holds a picture and is passed over unread."""


def event_files(folder: Path) -> list[Path]:
    """Event files anywhere below a folder, by path; their names begin with their time.

    Raises:
        InputError: the folder is far too large for one of logs, such as a whole disk.
    """
    return sorted(path for path in files_below(folder, "logs") if "tfevents" in path.name)


class ScalarReader:
    """Gives what was written since the last look.

    A record that is still being written waits for its end. A file that is damaged gives what
    stands before the damage; a number with a wrong checksum is left out.

    Args:
        path: an event file, or a folder with event files at any depth; either may come later.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: dict[Path, _EventFile] = {}

    def read_new(self) -> list[Scalar]:
        """New numbers, in the order of writing, file by file."""
        paths = event_files(self._path) if self._path.is_dir() else [self._path]
        found: list[Scalar] = []
        for path in paths:
            file = self._files.setdefault(path, _EventFile(path))
            found += file.read_new()
        return found

    @property
    def faults(self) -> tuple[str, ...]:
        """A sentence for each file that cannot be read to its end."""
        return tuple(file.fault for file in self._files.values() if file.fault)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """A sentence for each file that ends within a record, as while it is still written."""
        return tuple(file.unfinished for file in self._files.values() if file.unfinished)


class _EventFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._damaged = False
        self._skipped = 0
        self._left = 0
        self._unreadable = ""

    @property
    def fault(self) -> str:
        if self._damaged:
            return f"{self._path} is damaged at byte {self._offset}: what stands behind is lost."
        if self._skipped:
            return f"{self._path} has {self._skipped} damaged records, which are left out."
        return self._unreadable

    @property
    def unfinished(self) -> str:
        if self._damaged or self._unreadable or not self._left:
            return ""
        return (
            f"{self._path} ends within a record: it was cut off, or is still being written; what "
            "stands before is shown."
        )

    def read_new(self) -> list[Scalar]:
        found: list[Scalar] = []
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, 2)
                while not self._damaged and self._offset + HEAD <= size:
                    file.seek(self._offset)
                    before = self._offset
                    found += self._take(file.read(PIECE), size)
                    if self._offset == before:
                        break
                self._left = size - self._offset
            self._unreadable = ""
        except OSError as error:
            # Not there yet, or held by its writer: the next look may find it.
            self._unreadable = f"{self._path} cannot be read: {error.strerror or error}."
        return found

    def _take(self, piece: bytes, size: int) -> list[Scalar]:
        records = find_records(piece)
        self._offset += records.end
        self._damaged = records.damaged
        self._skipped += records.skipped
        too_long = not records.end and len(piece) == PIECE and not records.damaged
        if too_long and self._offset + length_at(piece) <= size:
            self._offset += length_at(piece)
        return read_events(piece, records.begins, records.lengths)
