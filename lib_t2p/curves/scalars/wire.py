"""The little of protocol buffers' wire format that events need."""

from __future__ import annotations

from collections.abc import Iterator

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
