"""The demo person's photos: deterministic variants of one free portrait, and four bad pictures.

The portrait is NASA's official photo of Eileen Collins (public domain) as scikit-image ships it:
512 x 512 px, RGB, the face about 110 px wide around (222, 120).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter

FACE_CENTRE = (222.0, 122.0)
"""Pixels of the portrait, origin at the top left."""
PIXELS = 480
"""Side of every variant."""
MARGIN = 128
"""Pixels of repeated border around the portrait."""


@dataclass(frozen=True)
class Variant:
    """One picture made from the portrait.

    Attributes:
        side: of the square cut, in pixels of the portrait.
        shift: of the cut's centre against the face, in pixels of the portrait.
        angle: degrees, counter-clockwise.
        light: brightness factor.
        warmth: red up and blue down by this share.
        quality: of the JPEG, 1 to 95.
        mirror: left and right exchanged.
    """

    side: int
    shift: tuple[int, int]
    angle: float
    light: float
    warmth: float
    quality: int
    mirror: bool = False


VARIANTS = (
    Variant(192, (0, 6), 0.0, 1.00, 0.00, 95),
    Variant(172, (11, 2), 4.0, 1.12, 0.04, 90),
    Variant(212, (-13, 11), -5.0, 0.88, 0.00, 85, mirror=True),
    Variant(182, (-10, -3), 7.0, 1.20, -0.05, 80),
    Variant(230, (16, 16), -3.0, 0.94, 0.06, 92, mirror=True),
    Variant(164, (3, 10), 6.0, 0.82, 0.02, 75, mirror=True),
    Variant(200, (-18, 3), 3.0, 1.06, -0.06, 88),
    Variant(186, (14, 13), -8.0, 1.00, 0.08, 70),
    Variant(220, (-3, -2), 8.0, 1.16, 0.00, 90, mirror=True),
    Variant(168, (-13, 8), -6.0, 0.92, -0.03, 82),
    Variant(240, (8, 21), 2.0, 1.08, 0.05, 86),
    Variant(178, (6, -5), -2.0, 0.78, 0.00, 94, mirror=True),
    Variant(206, (19, 5), 5.0, 0.97, -0.08, 78),
    Variant(188, (-6, 14), -7.0, 1.24, 0.03, 89, mirror=True),
)


def write_demo_photos(folder: Path) -> Path:
    """Write the photos as a phone would leave them; the same bytes each time.

    Returns:
        The folder: 14 usable variants, one stored sideways with an EXIF turn, and a blurred one,
        a near-duplicate and a picture with no face, which must be left out.
    """
    from skimage import data

    folder.mkdir(parents=True, exist_ok=True)
    portrait = _wall(Image.fromarray(data.astronaut()))
    for number, variant in enumerate(VARIANTS, 1):
        picture = _cut(portrait, variant)
        picture.save(folder / f"portrait-{number:02d}.jpg", quality=variant.quality)
    _write_sideways(portrait, folder / "sideways.jpg")
    first = _cut(portrait, VARIANTS[0])
    first.resize((440, 440), Image.Resampling.LANCZOS).save(folder / "again.jpg", quality=60)
    blurred = _cut(portrait, VARIANTS[4]).filter(ImageFilter.GaussianBlur(9))
    blurred.save(folder / "blurred.jpg", quality=90)
    Image.fromarray(data.coffee()).save(folder / "coffee.jpg", quality=90)
    return folder


def _wall(portrait: Image.Image) -> Image.Image:
    # Repeating the border keeps turned and shifted cuts free of black corners.
    import numpy as np

    pixels = np.pad(np.asarray(portrait), ((MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)), "edge")
    return Image.fromarray(pixels)


def _cut(wall: Image.Image, variant: Variant) -> Image.Image:
    x = FACE_CENTRE[0] + variant.shift[0] + MARGIN
    y = FACE_CENTRE[1] + variant.shift[1] + MARGIN
    turned = wall.rotate(variant.angle, Image.Resampling.BICUBIC, center=(x, y))
    half = variant.side / 2
    box = (x - half, y - half, x + half, y + half)
    picture = turned.resize((PIXELS, PIXELS), Image.Resampling.LANCZOS, box=box)
    if variant.mirror:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return _lit(picture, variant)


def _lit(picture: Image.Image, variant: Variant) -> Image.Image:
    bright = ImageEnhance.Brightness(picture).enhance(variant.light)
    red, green, blue = bright.split()
    red = red.point([min(255, round(v * (1 + variant.warmth))) for v in range(256)])
    blue = blue.point([min(255, round(v * (1 - variant.warmth))) for v in range(256)])
    return Image.merge("RGB", (red, green, blue))


def _write_sideways(portrait: Image.Image, path: Path) -> None:
    upright = _cut(portrait, Variant(196, (5, 18), 1.5, 1.03, 0.02, 93))
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn 90 degrees clockwise to view"
    upright.transpose(Image.Transpose.ROTATE_90).save(path, quality=93, exif=exif)
