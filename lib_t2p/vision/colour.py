"""Any mode, depth and colour profile to 8-bit sRGB."""

from __future__ import annotations

import io
import logging

import numpy as np
from PIL import Image, ImageCms

BACKGROUND = (255, 255, 255)
"""What shows through transparent parts."""
_LOG = logging.getLogger(__name__)


def to_srgb(image: Image.Image) -> tuple[Image.Image, bool]:
    """Convert to mode RGB, 8 bits, sRGB, without transparency.

    Returns:
        The picture, and whether more than a plain RGB or grey picture had to be converted.
    """
    plain = image.mode in ("RGB", "L", "1")
    profiled = _by_profile(image)
    if profiled is not None:
        return profiled, not plain or not _is_srgb_profile(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image).convert("RGB"), True
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return _flattened(image), True
    return image.convert("RGB"), not plain


def _by_profile(image: Image.Image) -> Image.Image | None:
    data = image.info.get("icc_profile")
    if not data or image.mode not in ("RGB", "CMYK", "L") or "transparency" in image.info:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(data))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        _LOG.info("a colour profile could not be used; the picture is taken as sRGB")
        return None


def _is_srgb_profile(image: Image.Image) -> bool:
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        return "srgb" in ImageCms.getProfileDescription(profile).lower()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return False


def _eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.float64)
    brightest = float(values.max(initial=0.0))
    full = next((f for f in (1.0, 255.0, 65535.0) if brightest <= f), brightest)
    if image.mode.startswith("I;16"):
        full = 65535.0
    return Image.fromarray((values.clip(0, full) * (255.0 / full) + 0.5).astype(np.uint8))


def _flattened(image: Image.Image) -> Image.Image:
    layers = image.convert("RGBA")
    ground = Image.new("RGBA", layers.size, (*BACKGROUND, 255))
    return Image.alpha_composite(ground, layers).convert("RGB")
