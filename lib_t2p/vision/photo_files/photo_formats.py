"""Which picture formats are opened, and what their decoders raise."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from importlib.util import find_spec

from PIL import Image

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF", "AVIF", "JPEG2000")
SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .webp .tif .tiff .bmp .gif .mpo .heic .heif .hif .avif "
    ".jp2 .j2k .jpf .jpx .jpc .j2c".split()
)
"""Names under which photos are looked for in a folder."""
RAW_SUFFIXES = frozenset(
    ".3fr .ari .arw .bay .cap .cr2 .cr3 .crw .dcr .dcs .dng .erf .fff .gpr .iiq .k25 .kdc .mdc "
    ".mef .mos .mrw .nef .nrw .orf .pef .ptx .raf .raw .rw2 .rwl .rwz .sr2 .srf .srw .x3f".split()
)
"""Camera raw files, which are refused with advice."""
SUFFIX_OF = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "BMP": ".bmp",
    "GIF": ".gif",
    "HEIF": ".heic",
    "AVIF": ".avif",
    "JPEG2000": ".jp2",
}
DECODE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    AssertionError,
    struct.error,
    zlib.error,
)
"""What Pillow's plugins raise for damaged files; Pillow has no common class for it."""


@cache
def formats() -> tuple[str, ...]:
    """Pillow's names of the formats that are opened, of those that can be.

    Others (EPS, PDF, ...) would run programs or are no photos. Multi-picture JPEGs count as JPEG.
    """
    register_heif()
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


@cache
def register_heif() -> bool:
    """Teach Pillow HEIC; False when pillow-heif is not installed."""
    if find_spec("pillow_heif") is None:
        return False
    import pillow_heif

    pillow_heif.register_heif_opener()
    return True


def is_heif(kind: str) -> bool:
    """Whether a format is the one whose decoder turns pictures itself."""
    return kind == "HEIF"


def is_foreign(kind: str) -> bool:
    """Whether a format is one that trainers do not read."""
    return kind in ("HEIF", "AVIF", "JPEG2000")
