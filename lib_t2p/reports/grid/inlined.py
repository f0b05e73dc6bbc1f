"""Pictures as text inside the page; decoded and encoded anew, so that no metadata comes along."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from lib_t2p.errors import InputError
from lib_t2p.pictures import open_picture
from lib_t2p.reports.picture.mosaics import tile

MAX_BYTES = 12_000_000
"""Of one inlined picture; a larger one is scaled down."""
STRIP_TILE = 220
"""Pixels of a picture's side in a strip."""


def inlined(path: Path, *, max_side: int, quality: int = 88) -> str:
    """A `data:` address of the picture, in WebP, at most `max_side` pixels long.

    Raises:
        InputError: the file is no picture.
    """
    try:
        with open_picture(path) as opened:
            picture = opened.convert("RGB")
    except (OSError, SyntaxError) as error:
        raise InputError(f"{path} cannot be read as a picture: draw the grid again.") from error
    picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    data = _webp(picture, quality)
    while len(data) > MAX_BYTES:
        picture = picture.resize(
            (picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS
        )
        data = _webp(picture, quality)
    return _address(data)


def inlined_strip(paths: Sequence[Path]) -> str:
    """A `data:` address of up to four pictures side by side; empty without any."""
    shown = paths[:4]
    if not shown:
        return ""
    gap = 4
    # Clear between the pictures, so that the gap follows the page's theme.
    strip = Image.new("RGBA", (len(shown) * (STRIP_TILE + gap) - gap, STRIP_TILE))
    for n, path in enumerate(shown):
        strip.paste(tile(path, STRIP_TILE, STRIP_TILE), (n * (STRIP_TILE + gap), 0))
    return _address(_webp(strip, 88))


def _webp(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


def _address(data: bytes) -> str:
    return "data:image/webp;base64," + base64.b64encode(data).decode("ascii")
