"""Reads many events at once: a training repeats a few shapes, which differ in their numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib_t2p.curves.scalars.events import Scalar, scalars_of

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
