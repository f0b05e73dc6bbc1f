"""Families of LoRAs for models that have a transformer in place of the U-Net, told by layer names.

Sources: `library/flux_models.py`, `sd3_models.py`, `lumina_models.py`, `hunyuan_models.py` of
kohya-ss/sd-scripts and the transformers of diffusers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Layers = Mapping[str, tuple[int | None, int | None]]

_MARKS: tuple[tuple[str, str], ...] = (
    (r"distilled_guidance_layer", "chroma"),
    (r"(^|_)motion_modules_", "animatediff"),
    (r"^joint_blocks_\d+_", "sd3"),
    (r"^double_stream_modulation|^single_stream_modulation", "flux2"),
    (r"^double_blocks_\d+_(img|txt)_(mlp_fc|mod_linear)|^single_blocks_\d+_modulation_linear|"
     r"^txt_in_individual_token_refiner|^context_embedder_token_refiner", "hunyuan-video"),
    (r"^(double_stream_blocks|single_stream_blocks)_\d+_", "hidream"),
    (r"^(double_layers|single_layers|joint_transformer_blocks)_\d+_", "auraflow"),
    (r"^transformer_blocks_\d+_(img|txt)_(mlp|mod)", "qwen-image"),
    (r"^(context_refiner|noise_refiner)_\d+_|^layers_\d+_(attention|feed_forward|adaLN)",
     "lumina"),
    (r"^blocks_\d+_(self_attn_[qkvo]|cross_attn_([qkvo]|k_img|v_img)|ffn_[02])(_|$)", "wan"),
    (r"^blocks_\d+_(attn[12]_(Wqkv|q_proj|kv_proj|out_proj)|skip_linear|mlp_fc)",
     "hunyuan-dit"),
    (r"^blocks_\d+_attn[12]_(to_[qkv]|to_out|add_k_proj|add_v_proj)", "wan"),
    # PixArt, LTX, CogVideoX and others, which are not told apart here.
    (r"^transformer_blocks_\d+_attn1_", "unknown"),
    (r"^(down|up)_blocks_\d+_\d+_(channelwise|attention|kv_mapper)", "cascade"),
)  # fmt: skip
_FLUX = re.compile(r"^(double_blocks|single_blocks|single_transformer_blocks)_(\d+)_")
_JOINT = re.compile(r"^transformer_blocks_(\d+)_(attn_|attn2_|ff_|ff_context_|norm1_)")
_FLUX_WIDTHS = {3072: "flux", 6144: "flux2"}
_JOINT_WIDTHS = {**_FLUX_WIDTHS, 1536: "sd3", 2432: "sd3"}
_DOUBLE, _SINGLE = 19, 38
"""Blocks of Flux.1; HunyuanVideo and Qwen-Image, named and shaped alike in part, have more."""


def transformer_families(layers: Layers) -> set[str]:
    """The families that layers of transformers are of.

    Args:
        layers: widths (taken, given) by name, dots as underscores.

    Returns:
        keys of `families.TITLES`; `unknown` for a transformer that is not one of them.
    """
    found = set()
    for pattern, family in _MARKS:
        mark = re.compile(pattern)
        if any(mark.search(name) for name in layers):
            found.add(family)
    if found:
        return found
    return _flux_families(layers) or _joint_families(layers)


def _flux_families(layers: Layers) -> set[str]:
    matched = {name: m for name in layers if (m := _FLUX.match(name))}
    if not matched:
        return set()
    family = _by_width({name: layers[name] for name in matched}, _FLUX_WIDTHS, "flux")
    more = any(
        int(m[2]) >= (_DOUBLE if m[1] == "double_blocks" else _SINGLE) for m in matched.values()
    )
    return {"hunyuan-video"} if more and family == "flux" else {family}


def _joint_families(layers: Layers) -> set[str]:
    matched = {name: m for name in layers if (m := _JOINT.match(name))}
    if not matched:
        return set()
    family = _by_width({name: layers[name] for name in matched}, _JOINT_WIDTHS, "unknown")
    more = any(int(m[1]) >= _DOUBLE for m in matched.values())
    return {"qwen-image"} if more and family == "flux" else {family}


def _by_width(layers: Layers, widths: Mapping[int, str], otherwise: str) -> str:
    """The family of the commonest known width; the mark's own when no layer has one."""
    counts: dict[str, int] = {}
    for pair in layers.values():
        for width in pair:
            if width is not None and width in widths:
                counts[widths[width]] = counts.get(widths[width], 0) + 1
    return max(counts, key=lambda family: counts[family], default=otherwise)
