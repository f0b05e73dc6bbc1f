"""Numbers in TensorBoard's event files, read while they grow; standard library only.

A file is a row of records: length (8 bytes), checksum of it (4), data, checksum (4); the data is a
protocol buffer. Sources: `tensorboard/compat/proto/{event,summary,tensor}.proto`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 64 << 20
"""A record that claims to be longer is damaged, and what follows it cannot be found."""

_HEAD, _FOOT = 12, 4
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True)
class Scalar:
    """One number.

    Attributes:
        tag: such as `loss/average`.
        step: as the writer counted.
        wall_time: Unix seconds at which it was written.
        value: may be no number (NaN) or infinite.
    """

    tag: str
    step: int
    wall_time: float
    value: float


class ScalarReader:
    """Reads a file, or all event files below a folder, from where it last stopped.

    Args:
        path: it may not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offsets: dict[Path, int] = {}

    def read_new(self) -> list[Scalar]:
        """The numbers of all whole records since the last call; a half-written one waits."""
        return [scalar for file in self._files() for scalar in self._read(file)]

    def _files(self) -> list[Path]:
        if self._path.is_dir():
            return sorted(self._path.rglob("*tfevents*"))
        return [self._path] if self._path.is_file() else []

    def _read(self, file: Path) -> Iterator[Scalar]:
        start = self._offsets.get(file, 0)
        if start < 0:
            return
        try:
            with file.open("rb") as stream:
                stream.seek(start)
                data = stream.read()
        except OSError:
            return
        at = 0
        while len(data) - at >= _HEAD:
            (length,) = struct.unpack_from("<Q", data, at)
            if length > MOST_BYTES:
                self._offsets[file] = -1
                return
            end = at + _HEAD + length + _FOOT
            if end > len(data):
                break
            yield from _scalars(data[at + _HEAD : end - _FOOT])
            at = end
        self._offsets[file] = start + at


def _scalars(event: bytes) -> list[Scalar]:
    """The numbers of one event; none when it is damaged."""
    wall_time, step, summary = 0.0, 0, b""
    found: list[tuple[str, float]] = []
    try:
        for number, value in _fields(event):
            if number == 1 and isinstance(value, bytes):
                (wall_time,) = struct.unpack("<d", value)
            elif number == 2 and isinstance(value, int):
                step = value
            elif number == 5 and isinstance(value, bytes):
                summary = value
        for number, value in _fields(summary):
            if number == 1 and isinstance(value, bytes):
                found += _value(value)
    except (struct.error, IndexError, UnicodeDecodeError, ValueError):
        return []
    return [Scalar(tag, step, wall_time, value) for tag, value in found]


def _value(data: bytes) -> list[tuple[str, float]]:
    tag, number = "", None
    for field, value in _fields(data):
        if field == 1 and isinstance(value, bytes):
            tag = value.decode("utf-8")
        elif field == 2 and isinstance(value, bytes) and len(value) == 4:
            number = struct.unpack("<f", value)[0]
        elif field == 8 and isinstance(value, bytes):
            number = _tensor(value)
    return [(tag, float(number))] if tag and number is not None else []


def _tensor(data: bytes) -> float | None:
    """The number of a tensor without dimensions, in either of its two encodings."""
    kind, found = 1, None
    for field, value in _fields(data):
        if field == 1 and isinstance(value, int):
            kind = value
        elif field in (4, 5, 6) and isinstance(value, bytes):
            found = value
    form = {1: "<f", 2: "<d"}.get(kind)
    if form is None or found is None or len(found) != struct.calcsize(form):
        return None
    return float(struct.unpack(form, found)[0])


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and values of a protocol buffer."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {kind}")
        if at + length > len(data):
            raise ValueError("cut off")
        yield number, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("number too long")
