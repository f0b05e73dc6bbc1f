"""Perceptual hashes of a picture and of its mirror image."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash
from PIL import Image, ImageOps

from lib_t2p.vision.results import Picture

HASH_SIDE = 16


@dataclass(frozen=True)
class PictureHashes:
    """ImageHash's DCT hash (`phash`) of a picture, 256 bits.

    Attributes:
        plain: of the picture, 64 hexadecimal digits.
        mirrored: of the picture with left and right exchanged.
    """

    plain: str
    mirrored: str


def hash_picture(picture: Picture) -> PictureHashes:
    """Hash an RGB picture (uint8, height x width x 3)."""
    image = Image.fromarray(picture).convert("L")
    image.thumbnail((512, 512), Image.Resampling.BOX)
    return PictureHashes(_phash(image), _phash(ImageOps.mirror(image)))


def distance(a: PictureHashes, b: PictureHashes) -> int:
    """Bits in which two pictures differ, 0 to 256."""
    return _bits(a.plain, b.plain)


def mirror_distance(a: PictureHashes, b: PictureHashes) -> int:
    """Bits in which one picture and the other's mirror image differ, 0 to 256."""
    return min(_bits(a.plain, b.mirrored), _bits(a.mirrored, b.plain))


def _phash(image: Image.Image) -> str:
    return str(imagehash.phash(image, hash_size=HASH_SIDE))


def _bits(a: str, b: str) -> int:
    return (int(a, 16) ^ int(b, 16)).bit_count()
