"""Writes TensorBoard event files for tests, byte by byte."""

from __future__ import annotations

import struct


def crc32c(data: bytes) -> int:
    """CRC-32C, bit by bit; slow and plain, so that it can check the fast one."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    digits = b""
    while value >= 0x80:
        digits += bytes([value & 0x7F | 0x80])
        value >>= 7
    return digits + bytes([value])


def part(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def event(tag: str, step: int, value: float, time: float = 1e9) -> bytes:
    """An event as `SummaryWriter.add_scalar` writes it; step 0 is left out, as protobuf does."""
    number = b"\x15" + struct.pack("<f", value)
    return tensor_event(tag, step, number, time)


def tensor_event(tag: str, step: int, number: bytes, time: float = 1e9) -> bytes:
    head = b"\x09" + struct.pack("<d", time) + (b"\x10" + varint(step) if step else b"")
    return head + part(5, part(1, part(1, tag.encode()) + number))


def training(steps: int, tags: tuple[str, ...] = ("loss/current", "lr/d*lr")) -> bytes:
    """The records of a training, after the record that names the version."""
    version = record(b"\x09" + struct.pack("<d", 1e9) + part(3, b"brain.Event:2"))
    events = [
        record(event(tag, step, step + len(tag) / 4, 1e9 + step))
        for step in range(1, steps + 1)
        for tag in tags
    ]
    return version + b"".join(events)
