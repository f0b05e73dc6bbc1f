"""The framing of event files: length, checksum of the length, data, checksum of the data.

The format is TFRecord's, as in TensorFlow's `tsl/lib/io/record_writer.h`: a little-endian
uint64, two masked CRC-32C of 4 bytes each.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HEAD = 12
"""Bytes before the data: the length and its checksum."""

TAIL = 4
LONGEST_CHECKED = 256
"""Scalars are shorter; checksums of pictures and graphs would cost more than all the rest."""

_LENGTH = struct.Struct("<Q")
_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8


@dataclass(frozen=True)
class Records:
    """What was found in a piece of a file.

    Attributes:
        begins: of the data of each whole record.
        lengths: of the data of each whole record.
        end: where the next record begins, or will begin.
        damaged: what stands at `end` is no record, so nothing after it can be found.
        skipped: records whose data do not match their checksum.
    """

    begins: NDArray[np.int64]
    lengths: NDArray[np.int64]
    end: int
    damaged: bool
    skipped: int


def find_records(data: bytes) -> Records:
    """Find the whole records of a piece that begins with one; a cut last one is left."""
    starts, pos = _heads(data)
    begins = np.array([*starts, pos], np.int64) + HEAD
    lengths = np.diff(begins) - HEAD - TAIL
    # A length that is too large to be true shows here, before anything is waited for.
    heads = begins if pos + HEAD <= len(data) else begins[:-1]
    content = np.frombuffer(data, np.uint8)
    fits = _matches(content, heads - HEAD, 8)
    begins, damaged = begins[:-1], not fits.all()
    if damaged:
        first = int(np.argmin(fits))
        pos = int(heads[first]) - HEAD
        begins, lengths = begins[:first], lengths[:first]
    good = _undamaged(content, begins, lengths)
    return Records(begins[good], lengths[good], pos, damaged, int((~good).sum()))


def _heads(data: bytes) -> tuple[list[int], int]:
    """Where the whole records begin, if all lengths are true, and where the next one does."""
    heads, pos, last, unpack = [], 0, len(data) - HEAD - TAIL, _LENGTH.unpack_from
    while pos <= last:
        end = pos + HEAD + TAIL + unpack(data, pos)[0]
        if end > len(data):
            break
        heads.append(pos)
        pos = end
    return heads, pos


def length_at(data: bytes) -> int:
    """Bytes of the whole record that begins a piece of at least `HEAD` bytes."""
    return HEAD + int(_LENGTH.unpack_from(data)[0]) + TAIL


def _undamaged(
    data: NDArray[np.uint8], begins: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.bool_]:
    good = np.ones(len(begins), bool)
    # Records of one length are checked together, byte by byte of all of them at once.
    for length in np.unique(lengths[lengths <= LONGEST_CHECKED]):
        rows = np.flatnonzero(lengths == length)
        good[rows] = _matches(data, begins[rows], int(length))
    return good


def _matches(data: NDArray[np.uint8], begins: NDArray[np.int64], length: int) -> NDArray[np.bool_]:
    """Whether `length` bytes at each of `begins` are followed by their masked checksum."""
    columns = data[np.arange(length + TAIL)[:, None] + begins]
    crc = np.full(len(begins), 0xFFFFFFFF, np.uint32)
    for column in columns[:length]:
        crc = _TABLE[crc.astype(np.uint8) ^ column] ^ (crc >> np.uint32(8))
    crc ^= np.uint32(0xFFFFFFFF)
    masked = ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(_MASK_DELTA)
    told = np.ascontiguousarray(columns[length:].T).view("<u4")[:, 0]
    return np.asarray(masked == told)


def _crc_table() -> NDArray[np.uint32]:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        odd = (table & 1).astype(bool)
        table = np.where(odd, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1).astype(np.uint32)
    return table


_TABLE = _crc_table()
