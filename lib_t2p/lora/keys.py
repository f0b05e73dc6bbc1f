"""kohya's key names <-> diffusers' module names.

SD1.5 keys are diffusers' names with underscores. SDXL keys name the U-Net's blocks as the original
release does (`input_blocks`, `middle_block`, `output_blocks`). Source: `networks/lora.py` and
`library/sdxl_original_unet.py` of kohya-ss/sd-scripts. A stem is what stands before `.alpha`,
`.lora_down.weight` and `.lora_up.weight`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

FamilyName = Literal["sd15", "sdxl"]

ALPHA, DOWN, UP = ".alpha", ".lora_down.weight", ".lora_up.weight"

_BLOCK = re.compile(
    r"(?:(?P<side>down|up)_blocks\.(?P<block>\d{1,4})|mid_block)"
    r"\.(?P<part>attentions|resnets|downsamplers|upsamplers)\.(?P<index>\d{1,4})\.(?P<rest>.+)"
)
_TEXT = re.compile(r"text_model\.encoder\.layers\.\d+\.(self_attn|mlp)\.\w+")
_RESNET = {
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}


@dataclass(frozen=True)
class UnetTargets:
    """The modules of a U-Net that a LoRA may change; each maps a stem to a module name.

    Attributes:
        attention: everything inside the transformers; always trained.
        convolution: resnets and samplers; trained when `conv_dim` is given.
    """

    attention: dict[str, str]
    convolution: dict[str, str]

    @property
    def all(self) -> dict[str, str]:
        """Both."""
        return {**self.attention, **self.convolution}


def unet_targets(leaves: Iterable[str], family: FamilyName) -> UnetTargets:
    """Name the modules of a U-Net that a LoRA may change.

    Args:
        leaves: names of all its Linear and Conv2d modules, as `named_modules` gives them; all of
            them, since the numbers of SDXL's blocks follow from the count of resnets.
        family: of the checkpoint.
    """
    names = list(leaves)
    layers = _layers_per_block(names)
    attention: dict[str, str] = {}
    convolution: dict[str, str] = {}
    for name in names:
        found = _BLOCK.fullmatch(name)
        if not found:
            continue
        dotted = name if family == "sd15" else _original_name(found, layers, names)
        group = attention if found["part"] == "attentions" else convolution
        group["lora_unet_" + dotted.replace(".", "_")] = name
    return UnetTargets(attention, convolution)


def text_encoder_targets(
    leaves: Iterable[str], family: FamilyName, number: int = 1
) -> dict[str, str]:
    """Map stems to module names for a text encoder; `number` is 1 or 2 (SDXL has two)."""
    prefix = "lora_te_" if family == "sd15" else f"lora_te{number}_"
    return {prefix + n.replace(".", "_"): n for n in leaves if _TEXT.fullmatch(n)}


def split_key(key: str) -> tuple[str, str]:
    """Split a key into stem and what follows, such as `.lora_up.weight`."""
    stem, dot, rest = key.partition(".")
    return stem, dot + rest


def stems(keys: Iterable[str]) -> list[str]:
    """The different stems of a file's keys, sorted."""
    return sorted({split_key(k)[0] for k in keys})


def _layers_per_block(names: Iterable[str]) -> dict[tuple[str, int], int]:
    """Count the resnets of each down and up block."""
    layers: dict[tuple[str, int], int] = {}
    for name in names:
        found = _BLOCK.fullmatch(name)
        if found and found["part"] == "resnets" and found["side"]:
            key = (found["side"], int(found["block"]))
            layers[key] = max(layers.get(key, 0), int(found["index"]) + 1)
    return layers


def _original_name(
    found: re.Match[str], layers: dict[tuple[str, int], int], names: list[str]
) -> str:
    part, index, rest = found["part"], int(found["index"]), found["rest"]
    rest = _RESNET.get(rest, rest) if part == "resnets" else rest
    if found["side"] is None:
        return f"middle_block.{1 if part == 'attentions' else 2 * index}.{rest}"
    block = int(found["block"])
    if found["side"] == "down":
        # input_blocks.0 is conv_in, and each block but the last ends with a downsampler of its own.
        start = 1 + sum(layers.get(("down", b), 0) + 1 for b in range(block))
        if part == "downsamplers":
            return f"input_blocks.{start + layers.get(('down', block), 0)}.0.op"
        return f"input_blocks.{start + index}.{int(part == 'attentions')}.{rest}"
    start = sum(layers.get(("up", b), 0) for b in range(block))
    if part == "upsamplers":
        last = start + layers.get(("up", block), 0) - 1
        behind = 2 if any(n.startswith(f"up_blocks.{block}.attentions.") for n in names) else 1
        return f"output_blocks.{last}.{behind}.{rest}"
    return f"output_blocks.{start + index}.{int(part == 'attentions')}.{rest}"
