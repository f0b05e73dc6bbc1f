"""Families whose U-Net, and whose text encoders, have a file's layers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lib_t2p.lora.layer_names import Layer, Part
from lib_t2p.lora.unet_layers import CONTEXTS, NARROWEST, unet_layers

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


Layers = Mapping[str, tuple[int | None, int | None]]


@dataclass(frozen=True)
class UnetFamilies:
    """What the layers of a U-Net allow.

    Attributes:
        families: that have all these layers; `unknown` for a U-Net that is of none, and empty
            without any layer of one.
        mixed: whether layers of different families are mixed, all of which are named then.
        small: it was made for a small base of tests or demos, which only names tell of.
    """

    families: frozenset[str] = frozenset()
    mixed: bool = False
    small: bool = False


_BLOCK = re.compile(
    r"^(?:(?:down|up)_blocks_\d+|mid_block)_(?:attentions|resnets|downsamplers|upsamplers)_\d+_|"
    r"^(?:input|output)_blocks_\d+_\d+_|^middle_block_\d+_"
)
_ORIGINAL = re.compile(r"^(input_blocks|output_blocks|middle_block)_")
_CROSS = re.compile(r"_attn2_to_[kv]$")


def unet_families(layers: Layers, *, kohya: bool) -> UnetFamilies:
    """Families that have all these layers with these widths.

    Args:
        layers: widths (taken, given) by name, dots as underscores; those of other parts do not
            count.
        kohya: whether they have kohya's names, which are the original release's for SDXL alone.
    """
    own = {name: widths for name, widths in layers.items() if _BLOCK.match(name)}
    if not own:
        return UnetFamilies()
    contexts = {taken for name, (taken, _) in own.items() if _CROSS.search(name) and taken}
    read = frozenset(str(CONTEXTS[c]) for c in contexts if c in CONTEXTS)
    if read:
        return UnetFamilies(read, mixed=len(read) > 1)
    if _is_small(own):
        original = any(_ORIGINAL.match(name) for name in own)
        named = {"sdxl"} if original else {"sd15", "sd2", "sdxl"}
        return UnetFamilies(frozenset(named), small=True)
    if contexts:
        # A text of another width than any family's.
        return UnetFamilies(frozenset({"unknown"}))
    return _by_layers(own, kohya=kohya)


def _by_layers(layers: Layers, *, kohya: bool) -> UnetFamilies:
    original = kohya and any(_ORIGINAL.match(name) for name in layers)
    known = {name for table in unet_layers().values() for name in table}
    named = {name: widths for name, widths in layers.items() if name in known}
    if original and not named:
        return UnetFamilies(frozenset({"sdxl"}))
    found = [_families_of(name, widths) for name, widths in named.items()]
    allowed = [families for families in found if families]
    if len(allowed) * 2 <= len(named):
        return UnetFamilies(frozenset({"unknown"}))
    common = frozenset.intersection(*allowed)
    if not common:
        return UnetFamilies(frozenset.union(*allowed), mixed=True)
    if len(common) > 1 and original:
        common = common & {"sdxl"} or common
    return UnetFamilies(common)


def _families_of(name: str, widths: tuple[int | None, int | None]) -> frozenset[str]:
    found = set()
    for family, table in unet_layers().items():
        expected = table.get(name)
        # The matrices of some kinds hold a convolution's 3 x 3 places in one side.
        if expected and all(
            seen is None or seen in (wanted, 9 * wanted)
            for seen, wanted in zip(widths, expected, strict=True)
        ):
            found.add(str(family))
    return frozenset(found)


def _is_small(layers: Layers) -> bool:
    """Whether no block is as wide as the narrowest of any family's."""
    # Of all layers only this one gives more than its block is wide.
    ends = (
        taken if name.endswith("ff_net_0_proj") else given or taken
        for name, (taken, given) in layers.items()
    )
    known = [width for width in ends if width]
    return bool(known) and max(known) < NARROWEST
