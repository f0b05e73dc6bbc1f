"""Small files of the formats that are read: pictures and TensorBoard's events."""

from __future__ import annotations

import struct
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from lib_t2p.vision.photo_files.photo_formats import register_heif

KINDS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "JPEG": ("jpg", "JPEG", "RGB", {}),
    "JPEG with EXIF": ("jpg", "JPEG", "CMYK", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12"
                       b"\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"}),
    "PNG": ("png", "PNG", "RGB", {}),
    "PNG with palette": ("png", "PNG", "P", {"transparency": 0}),
    "PNG of 16 bits": ("png", "PNG", "I;16", {}),
    "WEBP": ("webp", "WEBP", "RGBA", {}),
    "TIFF": ("tiff", "TIFF", "RGB", {}),
    "TIFF packed": ("tiff", "TIFF", "RGB", {"compression": "tiff_lzw"}),
    "TIFF of floats": ("tiff", "TIFF", "F", {}),
    "TIFF of 16 bits": ("tiff", "TIFF", "I;16", {}),
    "GIF": ("gif", "GIF", "P", {}),
    "BMP": ("bmp", "BMP", "RGB", {}),
    "AVIF": ("avif", "AVIF", "RGB", {}),
    "HEIF": ("heic", "HEIF", "RGB", {}),
}  # fmt: skip
"""Name -> ending, format, mode, options of saving."""


@lru_cache(maxsize=len(KINDS))
def picture(kind: str) -> bytes:
    """48 x 40 pixels, as one of `KINDS`."""
    register_heif()
    _, form, mode, options = KINDS[kind]
    file = BytesIO()
    grey = Image.linear_gradient("L").resize((48, 40))
    plain = grey if mode in ("F", "I;16") else grey.convert("RGB")
    made = plain.convert("I").convert(mode) if mode == "I;16" else plain.convert(mode)
    made.save(file, form, **options)
    return file.getvalue()


def event(tag: bytes = b"loss/average", value: float = 0.5) -> bytes:
    """A scalar of step 1 as TensorBoard writes it, without its frame."""
    told = b"\x0a" + bytes([len(tag)]) + tag + b"\x15" + struct.pack("<f", value)
    summary = b"\x0a" + bytes([len(told)]) + told
    head = b"\x09" + struct.pack("<d", 1.0) + b"\x10\x01"
    return head + b"\x2a" + bytes([len(summary)]) + summary


def framed(record: bytes) -> bytes:
    """A record as it stands in an event file: length and data, with their checksums."""
    length = struct.pack("<Q", len(record))
    return length + _checksum(length) + record + _checksum(record)


def event_file() -> bytes:
    """Numbers of three tags."""
    tags = (b"loss/average", b"loss/current", b"lr/unet")
    return b"".join(framed(event(tag, number / 10)) for number, tag in enumerate(tags, 1))


def _checksum(data: bytes) -> bytes:
    """CRC-32C, masked as TFRecord has it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
