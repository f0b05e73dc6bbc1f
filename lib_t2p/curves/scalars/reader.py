"""Reads the numbers of a training while it writes them.

A training repeats a few shapes of events, which differ in their numbers: many are read at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib_t2p.curves.scalars.records import HEAD, find_records, length_at
from lib_t2p.curves.scalars.tensorboard_events import Scalar, scalars_of
from lib_t2p.folder_walk import files_below

_TIME, _STEP = 0x09, 0x10
"""First bytes of an event's time and of its step."""

_STEP_AT, _LONGEST_STEP = 10, 5
LONGEST = 256
FEWEST = 8
"""So few alike are read one by one."""


class _Columns:
    """Numbers of the events that were read together; an event without a tag was not."""

    def __init__(self, size: int) -> None:
        self.tags = np.zeros(size, np.int64)
        self.steps = np.zeros(size, np.int64)
        self.times = np.zeros(size)
        self.values = np.zeros(size)
        self.names = [""]

    def scalars(self) -> list[Scalar]:
        names = self.names
        tags = [names[tag] for tag in self.tags.tolist()]
        numbers = (self.steps.tolist(), self.times.tolist(), self.values.tolist())
        return list(map(Scalar, tags, *numbers))


def read_events(data: bytes, begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> list[Scalar]:
    """Numbers of the events in a piece of a file, in their order."""
    columns = _Columns(len(begins))
    content = np.frombuffer(data, np.uint8)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        if len(rows) >= FEWEST and _STEP_AT + 8 <= length <= LONGEST:
            _read_alike(content[begins[rows][:, None] + np.arange(length)], rows, columns)
    found, done = columns.scalars(), 0
    flat: list[Scalar] = []
    for row in np.flatnonzero(columns.tags == 0).tolist():
        flat += found[done:row]
        flat += scalars_of(data[begins[row] : begins[row] + lengths[row]])
        done = row + 1
    return flat + found[done:]


def _read_alike(events: NDArray[np.uint8], rows: NDArray[np.int64], columns: _Columns) -> None:
    """Read events of one length, given as a table of bytes; those of odd shapes stay unread."""
    begins = _step_ends(events)
    for begin in np.unique(begins[begins > 0]).tolist():
        left = np.flatnonzero(begins == begin)
        while len(left) >= FEWEST:
            first = events[left[0]]
            same = (events[left, begin:-4] == first[begin:-4]).all(axis=1)
            alike, left = left[same], left[~same]
            tag = _tag_of(first.tobytes())
            if tag:
                _fill(events[alike], begin, tag, rows[alike], columns)


def _step_ends(events: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where the step of each event ends; 0 for events that do not begin with time and step."""
    goes_on = events[:, _STEP_AT : _STEP_AT + _LONGEST_STEP] >= 0x80
    count = np.argmin(goes_on, axis=1) + 1
    fit = (events[:, 0] == _TIME) & (events[:, 9] == _STEP) & ~goes_on.all(axis=1)
    return np.where(fit, _STEP_AT + count, 0)


def _tag_of(event: bytes) -> str:
    """The tag of an event whose last four bytes are its only number; empty for others."""
    read = scalars_of(event)
    if len(read) != 1:
        return ""
    # Other last bytes must give just that other number, else they mean something else.
    probes = (b"\x00\x00\x80\x3f", b"\x00\x00\x00\xc0")
    values = [[s.value for s in scalars_of(event[:-4] + probe)] for probe in probes]
    return read[0].tag if values == [[1.0], [-2.0]] else ""


def _fill(
    events: NDArray[np.uint8], begin: int, tag: str, rows: NDArray[np.int64], columns: _Columns
) -> None:
    digits = (events[:, _STEP_AT:begin] & 0x7F).astype(np.int64)
    columns.steps[rows] = (digits << 7 * np.arange(begin - _STEP_AT)).sum(axis=1)
    columns.times[rows] = np.ascontiguousarray(events[:, 1:9]).view("<f8")[:, 0]
    columns.values[rows] = np.ascontiguousarray(events[:, -4:]).view("<f4")[:, 0]
    columns.tags[rows] = len(columns.names)
    columns.names.append(tag)


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
