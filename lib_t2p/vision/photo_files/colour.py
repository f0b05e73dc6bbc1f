"""Any mode, depth and colour profile to 8-bit sRGB."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageCms

BACKGROUND = (255, 255, 255)
"""What shows through transparent parts."""
MOST_ROUNDING = 3
"""Levels of 255 by which an sRGB profile may change a colour."""
_PROFILE_ERRORS = (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError)
_SPACES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
"""Pillow's mode of an ICC profile's colour space."""


@dataclass(frozen=True)
class Converted:
    """A picture that was brought to sRGB.

    Attributes:
        image: mode RGB.
        was_needed: more than a plain RGB or grey picture had to be converted.
        profile_failed: there is a colour profile that could not be used; the picture was taken as
            sRGB.
    """

    image: Image.Image
    was_needed: bool
    profile_failed: bool = False


def to_srgb(image: Image.Image, profile: bytes = b"") -> Converted:
    """Convert to mode RGB, 8 bits, sRGB, without transparency (white shows through).

    Args:
        image: of any mode that Pillow has.
        profile: ICC profile of its colours; empty for sRGB.
    """
    plain = image.mode in ("RGB", "L", "1") and "transparency" not in image.info
    colours, alpha = _parted(image)
    by_profile = _by_profile(colours, profile) if profile else None
    is_foreign = by_profile is not None and _differs(by_profile, _without_profile(colours))
    rgb = by_profile or _without_profile(colours)
    if alpha is not None:
        ground = Image.new("RGB", rgb.size, BACKGROUND)
        ground.paste(rgb, mask=alpha)
        rgb = ground
    return Converted(rgb, not plain or is_foreign, bool(profile) and by_profile is None)


def drawable(image: Image.Image) -> Image.Image:
    """The same picture in a mode that can be reduced smoothly: no palette, 8 bits or what was."""
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if _has_alpha(image) else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _parted(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Colours (mode RGB, L, CMYK or LAB) and what covers the ground, or None."""
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image), None
    if image.mode in ("LA", "La"):
        image = image.convert("LA")
        return image.getchannel("L"), image.getchannel("A")
    if _has_alpha(image):
        layers = image.convert("RGBA")
        return layers.convert("RGB"), layers.getchannel("A")
    if image.mode in ("RGB", "L", "CMYK", "LAB"):
        return image, None
    return image.convert("L" if image.mode == "1" else "RGB"), None


def _by_profile(image: Image.Image, data: bytes) -> Image.Image | None:
    """None when the profile is damaged or of other colours than the picture's."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(data))
        mode = _SPACES.get(source.profile.xcolor_space, "")
        if mode == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        if mode == "L" and image.mode == "RGB" and _is_grey(image):
            image = image.convert("L")
        if mode != image.mode:
            return None
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except _PROFILE_ERRORS:
        return None


def _is_grey(image: Image.Image) -> bool:
    pixels = np.asarray(image)
    return bool((pixels == pixels[..., :1]).all())


def _without_profile(image: Image.Image) -> Image.Image:
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        found = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        return found or image
    return image.convert("RGB")


def _differs(one: Image.Image, other: Image.Image) -> bool:
    """Whether a profile changed more than rounding does, looked at in 4096 pixels."""
    small = [np.asarray(image.resize((64, 64), Image.Resampling.NEAREST)) for image in (one, other)]
    return bool(np.abs(small[0].astype(int) - small[1]).max() > MOST_ROUNDING)


def _eight_bits(image: Image.Image) -> Image.Image:
    """A grey picture of 16 or 32 bits, scaled so that its usual white is white."""
    values = np.nan_to_num(np.asarray(image).astype(np.float64), posinf=0.0, neginf=0.0)
    if image.mode == "I" and values.min(initial=0.0) < -(2**15):
        # Pillow reads 32 bits without a sign as if they had one.
        values %= 2**32
    brightest = float(values.max(initial=0.0))
    full = next((f for f in (1.0, 255.0, 65535.0) if brightest <= f), brightest)
    if image.mode.startswith("I;16"):
        full = 65535.0
    return Image.fromarray((values.clip(0, full) * (255.0 / full) + 0.5).astype(np.uint8))
