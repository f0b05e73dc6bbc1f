"""Opening a picture with the few decoders that are needed, whatever the file claims to be.

Pillow has decoders of old formats that nobody looks after; some call other programs. Photos of
people are opened by `lib_t2p.vision`, which has a list of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

from PIL import Image

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "JPEG2000")
"""In Pillow's own names. The last three only where this Pillow, or an addition to it, has them."""


def open_picture(source: Path | IO[bytes]) -> Image.Image:
    """As Pillow's own `open`, for the formats of `FORMATS` only.

    Raises:
        PIL.UnidentifiedImageError: it is of none of them.
        OSError, SyntaxError, ValueError, PIL.Image.DecompressionBombError: as Pillow's own.
    """
    Image.init()
    return Image.open(source, formats=[name for name in FORMATS if name in Image.OPEN])
