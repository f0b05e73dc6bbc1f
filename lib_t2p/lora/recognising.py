"""What a LoRA file is: its kind and the family of checkpoints it was made for, told in one place.

The names and shapes of its tensors decide. What its metadata say of the family helps only where
those leave a choice, as between SD1.5 and SD2 in a file without cross-attention.

Models with a transformer in place of the U-Net are told by layer names, after
`library/flux_models.py`, `sd3_models.py`, `lumina_models.py`, `hunyuan_models.py` of
kohya-ss/sd-scripts and the transformers of diffusers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lib_t2p.lora.header import LoraHeader, TensorInfo
from lib_t2p.lora.layer_names import Layer, Naming, by_layer, layer_of, widths_of
from lib_t2p.lora.network_kinds import kind_of
from lib_t2p.lora.other_kinds import adapter_kind, whole_kind
from lib_t2p.lora.recorded import recorded_family
from lib_t2p.lora.unet_families import text_families, unet_families

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


UNKNOWN = "unknown"
TITLES = {
    "sd15": "SD1.5", "sd2": "SD2", "sdxl": "SDXL", "sdxl-refiner": "SDXL's refiner", "sd3": "SD3",
    "flux": "Flux", "flux2": "Flux.2", "chroma": "Chroma", "hunyuan-video": "HunyuanVideo",
    "hidream": "HiDream", "auraflow": "AuraFlow", "qwen-image": "Qwen-Image",
    "lumina": "Lumina or Z-Image", "wan": "Wan", "hunyuan-dit": "Hunyuan-DiT",
    "cascade": "Stable Cascade", "animatediff": "AnimateDiff's motion modules",
    UNKNOWN: "an unknown family",
}  # fmt: skip
"""Family -> what people call it."""


@dataclass(frozen=True)
class Recognised:
    """What a file is.

    Attributes:
        kind: such as `LoRA`, `LoCon` or `LoHa`; empty when it is no LoRA.
        family: a key of `TITLES`, `unknown` included.
        candidates: families that it could be of, when unknown.
        mixed: families whose layers it mixes; empty for a file of one family.
        naming: whose names its layers have; None when it is no LoRA.
        instead: what it is when it is no LoRA, such as "a VAE"; may be empty even so.
    """

    kind: str
    family: str
    candidates: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    naming: Naming | None = None
    instead: str = ""

    @property
    def title(self) -> str:
        """The family for a sentence: "SD1.5", or "an unknown family (SD1.5 or SDXL)"."""
        told = TITLES[self.family]
        if self.mixed:
            return f"{told} (it mixes layers of {_listed(self.mixed, 'and')})"
        if self.candidates:
            return f"{told} ({_listed(self.candidates, 'or')})"
        return told


def recognise_lora(header: LoraHeader) -> Recognised:
    """Tell what a file is by its tensors' names and shapes, and by its metadata where they do not.

    Args:
        header: as `read_header` gives it.
    """
    tensors = header.tensors
    instead = adapter_kind(tensors)
    parameters = {} if instead else by_layer(tensors, _shapes(tensors))
    kind = kind_of(parameters)
    if not kind:
        return Recognised("", UNKNOWN, instead=instead or whole_kind(tensors))
    layers = {stem: layer_of(stem) for stem in parameters}
    families, contradiction = _families(layers, parameters)
    naming = _naming(layers)
    if contradiction:
        return Recognised(kind, UNKNOWN, mixed=tuple(sorted(families)), naming=naming)
    recorded = recorded_family(header.metadata)
    if len(families) > 1 and recorded in families:
        families = {recorded}
    if families == {"sd15", "sd2"}:
        # SD2's U-Net has the same layers but for cross-attention, so that the file fits SD1.5.
        families = {"sd15"}
    if len(families) == 1:
        return Recognised(kind, next(iter(families)), naming=naming)
    return Recognised(
        kind, UNKNOWN, tuple(f for f in TITLES if f in families and f != UNKNOWN), (), naming
    )


def _shapes(tensors: Mapping[str, TensorInfo]) -> dict[str, tuple[int, ...]]:
    return {name: info.shape for name, info in tensors.items()}


def _naming(layers: Mapping[str, Layer]) -> Naming:
    named = [layer.naming for layer in layers.values()]
    return "kohya" if named.count("kohya") * 2 > len(named) else "diffusers"


def _families(
    layers: Mapping[str, Layer], parameters: Mapping[str, Mapping[str, tuple[int, ...]]]
) -> tuple[set[str], bool]:
    """Families that the layers allow; True when they contradict each other."""
    image, text = {}, {}
    for stem, layer in layers.items():
        widths = widths_of(parameters[stem])
        if layer.part == "image":
            image[layer.name] = widths
        else:
            text[layer] = widths
    transformers = transformer_families(image)
    unet = unet_families(image, kohya=_naming(layers) == "kohya")
    if unet.mixed or len(transformers) + bool(unet.families) > 1:
        return transformers | unet.families, True
    found = transformers or set(unet.families)
    texts = text_families(text)
    # The image's layers are surer than the names of text encoders.
    families = found & texts or found or texts
    if unet.small and "sd15" in families:
        families = {"sd15"}
    return families, False


def _listed(families: tuple[str, ...], word: str) -> str:
    titles = [TITLES[f] for f in families]
    return f" {word} ".join([", ".join(titles[:-1]), titles[-1]]) if titles[1:] else titles[0]
