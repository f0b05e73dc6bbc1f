"""Several pictures of one kind side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from lib_t2p.pictures import open_picture

EMPTY = (226, 228, 232)
"""Colour of a picture that is not there."""


@dataclass(frozen=True)
class Tiles:
    """How pictures are laid out in one mosaic.

    Attributes:
        width: pixels of one picture.
        height: pixels of one picture.
        across: pictures in a row.
        down: rows.
        gap: pixels between pictures.
    """

    width: int
    height: int
    across: int
    down: int
    gap: int = 3

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the whole mosaic, width and height."""
        return (
            self.across * self.width + (self.across - 1) * self.gap,
            self.down * self.height + (self.down - 1) * self.gap,
        )


def tiles_for(count: int, width: int, height: int) -> Tiles:
    """A layout close to a square for `count` pictures of this size."""
    across = math.ceil(math.sqrt(max(count, 1)))
    return Tiles(width, height, across, math.ceil(max(count, 1) / across))


def mosaic(paths: Sequence[Path], tiles: Tiles, background: tuple[int, int, int]) -> Image.Image:
    """Lay the pictures out row by row; small ones are enlarged, missing ones stay grey."""
    canvas = Image.new("RGB", tiles.size, background)
    for n, path in enumerate(paths[: tiles.across * tiles.down]):
        left = (n % tiles.across) * (tiles.width + tiles.gap)
        top = (n // tiles.across) * (tiles.height + tiles.gap)
        canvas.paste(tile(path, tiles.width, tiles.height), (left, top))
    return canvas


def tile(path: Path, width: int, height: int) -> Image.Image:
    """One picture cut to the shape and scaled with Lanczos; grey when it cannot be read."""
    try:
        with open_picture(path) as picture:
            upright = picture.convert("RGB")
    except (OSError, SyntaxError, UnidentifiedImageError):
        return Image.new("RGB", (width, height), EMPTY)
    return ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS)
