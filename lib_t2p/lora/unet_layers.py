"""Every layer of the Stable Diffusion U-Nets with its widths, made from their configurations.

A LoRA is of a family when its layers are there, with these widths; that tells the family without
any cross-attention too. Sources: `unet/config.json` of stable-diffusion-v1-5, -2-1, -xl-base-1.0
and -xl-refiner-1.0; the widths of blocks as in diffusers' `UNet2DConditionModel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lib_t2p.lora.keys import unet_targets

UnetFamily = Literal["sd15", "sd2", "sdxl", "sdxl-refiner"]
Widths = tuple[int, int]
"""Numbers that a layer takes, and that it gives."""

NARROWEST = 320
"""Smallest width within a U-Net of any family; below lie the small bases of tests and demos."""


@dataclass(frozen=True)
class _Unet:
    """A configuration.

    Attributes:
        channels: width of each block, from the outermost.
        depths: transformer layers in each attention of a block; 0 for a block without any.
        middle: transformer layers in the middle.
        context: width of the text that cross-attention reads.
    """

    channels: tuple[int, ...]
    depths: tuple[int, ...]
    middle: int
    context: int


_UNETS: dict[UnetFamily, _Unet] = {
    "sd15": _Unet((320, 640, 1280, 1280), (1, 1, 1, 0), 1, 768),
    "sd2": _Unet((320, 640, 1280, 1280), (1, 1, 1, 0), 1, 1024),
    "sdxl": _Unet((320, 640, 1280), (0, 2, 10), 10, 2048),
    "sdxl-refiner": _Unet((384, 768, 1536, 1536), (0, 4, 4, 0), 4, 1280),
}
_LAYERS = 2
"""Resnets of a block on the way down; one more on the way up."""

CONTEXTS: dict[int, UnetFamily] = {unet.context: family for family, unet in _UNETS.items()}
"""Width of the text -> family."""


@cache
def unet_layers() -> dict[UnetFamily, dict[str, Widths]]:
    """The layers of each family, by diffusers' and by the original release's names.

    Dots are underscores, as in kohya's keys.
    """
    found: dict[UnetFamily, dict[str, Widths]] = {}
    for family, unet in _UNETS.items():
        leaves = dict(_leaves(unet))
        found[family] = {}
        # The two namings that `unet_targets` knows.
        for naming in ("sd15", "sdxl"):
            stems = unet_targets(leaves, naming).all
            found[family] |= {
                stem.removeprefix("lora_unet_"): leaves[name] for stem, name in stems.items()
            }
    return found


def _leaves(unet: _Unet) -> Iterator[tuple[str, Widths]]:
    channels, last = unet.channels, len(unet.channels) - 1
    before = channels[0]
    for block, width in enumerate(channels):
        name = f"down_blocks.{block}"
        for layer in range(_LAYERS):
            yield from _resnet(unet, f"{name}.resnets.{layer}", before, width)
            yield from _attention(unet, f"{name}.attentions.{layer}", width, unet.depths[block])
            before = width
        if block < last:
            yield f"{name}.downsamplers.0.conv", (width, width)
    for layer in range(2):
        yield from _resnet(unet, f"mid_block.resnets.{layer}", before, before)
    yield from _attention(unet, "mid_block.attentions.0", before, unet.middle)
    for block in range(last + 1):
        at = last - block
        width, skipped = channels[at], channels[max(at - 1, 0)]
        name = f"up_blocks.{block}"
        for layer in range(_LAYERS + 1):
            beside = skipped if layer == _LAYERS else width
            yield from _resnet(unet, f"{name}.resnets.{layer}", before + beside, width)
            yield from _attention(unet, f"{name}.attentions.{layer}", width, unet.depths[at])
            before = width
        if block < last:
            yield f"{name}.upsamplers.0.conv", (width, width)


def _resnet(unet: _Unet, name: str, taken: int, given: int) -> Iterator[tuple[str, Widths]]:
    yield f"{name}.conv1", (taken, given)
    yield f"{name}.conv2", (given, given)
    yield f"{name}.time_emb_proj", (4 * unet.channels[0], given)
    if taken != given:
        yield f"{name}.conv_shortcut", (taken, given)


def _attention(unet: _Unet, name: str, width: int, depth: int) -> Iterator[tuple[str, Widths]]:
    if not depth:
        return
    yield f"{name}.proj_in", (width, width)
    yield f"{name}.proj_out", (width, width)
    for number in range(depth):
        layer = f"{name}.transformer_blocks.{number}"
        for part, read in (("attn1", width), ("attn2", unet.context)):
            yield f"{layer}.{part}.to_q", (width, width)
            yield f"{layer}.{part}.to_k", (read, width)
            yield f"{layer}.{part}.to_v", (read, width)
            yield f"{layer}.{part}.to_out.0", (width, width)
        yield f"{layer}.ff.net.0.proj", (width, 8 * width)
        yield f"{layer}.ff.net.2", (4 * width, width)
