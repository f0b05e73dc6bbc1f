"""Numbers in TensorBoard's events, as `tensorboard/compat/proto/{event,summary,tensor}.proto`.

Of protocol buffers' wire format only what they need is read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10


class BrokenMessageError(ValueError):
    """Bytes that are no message; the record is left out."""


def fields(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """Number, wire type and value of each field; fixed and long values come as bytes.

    Raises:
        BrokenMessageError: the message ends early or has a wire type that nobody uses.
    """
    pos = 0
    while pos < len(data):
        key, pos = varint(data, pos)
        wire = key & 7
        if wire == VARINT:
            value, pos = varint(data, pos)
            yield key >> 3, wire, value
            continue
        if wire == BYTES:
            length, pos = varint(data, pos)
        else:
            length = {FIXED64: 8, FIXED32: 4}.get(wire, len(data) + 1)
        if pos + length > len(data):
            raise BrokenMessageError
        yield key >> 3, wire, data[pos : pos + length]
        pos += length


def varint(data: bytes, pos: int) -> tuple[int, int]:
    """An unsigned number of variable length, and where it ends; raises as `fields`."""
    value = 0
    for count, byte in enumerate(data[pos : pos + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            return value, pos + count + 1
    raise BrokenMessageError


def signed(value: int) -> int:
    """An int64 from its unsigned form."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


_FLOAT = struct.Struct("<f")
_DOUBLE = struct.Struct("<d")

# Numbers of fields.
_WALL_TIME, _STEP, _SUMMARY = 1, 2, 5
_VALUE = 1
_TAG, _SIMPLE_VALUE, _TENSOR = 1, 2, 8
_DTYPE, _CONTENT, _FLOAT_VAL, _DOUBLE_VAL = 1, 4, 5, 6
_DT_FORMATS = {1: "<f", 2: "<d", 3: "<i", 9: "<q", 19: "<e"}
"""dtype -> how its bytes are read: float, double, int32, int64, half."""


class Scalar(NamedTuple):
    """One number of a training.

    Attributes:
        tag: such as `loss/average`.
        step: as its writer counted.
        wall_time: Unix seconds.
        value: may be NaN or infinite.
    """

    tag: str
    step: int
    wall_time: float
    value: float


def scalars_of(data: bytes) -> list[Scalar]:
    """Numbers of one event; none when it has none or is broken."""
    wall_time, step, found = 0.0, 0, []
    try:
        for number, wire, value in fields(data):
            if number == _WALL_TIME and wire == FIXED64 and isinstance(value, bytes):
                wall_time = _DOUBLE.unpack(value)[0]
            elif number == _STEP and wire == VARINT and isinstance(value, int):
                step = signed(value)
            elif number == _SUMMARY and wire == BYTES and isinstance(value, bytes):
                found += list(_numbers(value))
    except (BrokenMessageError, UnicodeDecodeError):
        return []
    return [Scalar(tag, step, wall_time, value) for tag, value in found]


def _numbers(summary: bytes) -> Iterator[tuple[str, float]]:
    for number, _, entry in fields(summary):
        if number != _VALUE or not isinstance(entry, bytes):
            continue
        tag, value = "", None
        for name, wire, content in fields(entry):
            if not isinstance(content, bytes):
                continue
            if name == _TAG:
                tag = content.decode("utf-8")
            elif name == _SIMPLE_VALUE and wire == FIXED32:
                value = _FLOAT.unpack(content)[0]
            elif name == _TENSOR:
                value = _tensor(content)
        if tag and value is not None:
            yield tag, value


def _tensor(data: bytes) -> float | None:
    """The number of a tensor with one; None for others, such as pictures and histograms."""
    dtype, values = 0, b""
    for number, _, value in fields(data):
        if number == _DTYPE and isinstance(value, int):
            dtype = value
        elif number in (_CONTENT, _FLOAT_VAL, _DOUBLE_VAL) and isinstance(value, bytes):
            # Packed or not, the repeated fields hold the same bytes.
            values += value
    layout = _DT_FORMATS.get(dtype)
    if layout is None or len(values) != struct.calcsize(layout):
        return None
    return float(struct.unpack(layout, values)[0])
