"""Families that the layers of text encoders allow."""

from __future__ import annotations

from collections.abc import Mapping

from lib_t2p.lora.layer_names import Layer, Part

CLIP_L, OPEN_CLIP_H, OPEN_CLIP_G = 768, 1024, 1280
"""Widths of the text encoders of SD1.5 (the first of SDXL, SD3 and Flux too), of SD2, and of SDXL
and SD3 (the second)."""

_NAMED: dict[Part, set[str]] = {
    "te1": {"sdxl", "sd3", "flux"},
    # SD3's second one is the same, but its files hold the transformer's layers too.
    "te2": {"sdxl"},
    "te3": {"sd3", "flux"},
    "te": {"sd15", "sd2"},
    "text_encoder": {"sd15", "sd2", "sdxl", "sd3", "flux"},
}
_BY_WIDTH: dict[int, set[str]] = {
    CLIP_L: {"sd15", "sdxl", "sd3", "flux"},
    OPEN_CLIP_H: {"sd2"},
    OPEN_CLIP_G: {"sdxl", "sd3"},
}
_WHOLE = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1")
"""Layers that take the encoder's width; `fc2` takes four times as much."""


def text_families(layers: Mapping[Layer, tuple[int | None, int | None]]) -> set[str]:
    """Families that have these text encoders, one or more; empty without any layer.

    Args:
        layers: widths (taken, given) by layer.
    """
    found: set[str] = set()
    parts = {layer.part for layer in layers}
    for part in parts:
        allowed = _allowed(part, layers)
        if part == "te2" and "te3" in parts:
            allowed = {"sd3"}
        # A file may have encoders of several parts, and all of them must be there.
        found = (found & allowed or allowed) if found else allowed
    return found


def _allowed(part: Part, layers: Mapping[Layer, tuple[int | None, int | None]]) -> set[str]:
    allowed = _NAMED[part]
    for layer, (taken, given) in layers.items():
        if layer.part != part or not layer.name.endswith(_WHOLE):
            continue
        for width in (taken, None if layer.name.endswith("fc1") else given):
            if width in _BY_WIDTH:
                allowed = allowed & _BY_WIDTH[width] or allowed
    return allowed
