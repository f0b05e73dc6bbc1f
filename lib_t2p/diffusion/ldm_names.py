"""diffusers' parameter names -> names in a single-file checkpoint (the original release's).

The original names follow `ldm.modules.diffusionmodules.openaimodel` (CompVis/stable-diffusion),
`sgm` (Stability-AI/generative-models) and `open_clip.transformer`. Names are derived from the
model that is to be filled, so that other widths and depths of the same architecture work as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Cut = Literal["", "transposed", "first third", "second third", "last third"]


@dataclass(frozen=True)
class Source:
    """Where a parameter is found in the single file.

    Attributes:
        name: of the tensor in the file.
        cut: what to take of it; thirds are along the first side.
    """

    name: str
    cut: Cut = ""


_UNET_ENDS = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_UNET_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_UNET_BLOCK = re.compile(
    r"(?P<side>down|up|mid)_blocks?(?:\.(?P<block>\d{1,4}))?"
    r"\.(?P<part>resnets|attentions|downsamplers|upsamplers)\.(?P<index>\d{1,4})\.(?P<rest>.+)"
)
_VAE_ATTENTION = {
    "group_norm": "norm",
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
}
_OPEN_CLIP = {
    "text_model.embeddings.token_embedding.weight": Source("token_embedding.weight"),
    "text_model.embeddings.position_embedding.weight": Source("positional_embedding"),
    "text_model.final_layer_norm.weight": Source("ln_final.weight"),
    "text_model.final_layer_norm.bias": Source("ln_final.bias"),
    "text_projection.weight": Source("text_projection", "transposed"),
}
_OPEN_CLIP_LAYER = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}
_THIRDS: dict[str, Cut] = {
    "q_proj": "first third",
    "k_proj": "second third",
    "v_proj": "last third",
}


def unet_sources(names: Iterable[str], prefix: str) -> dict[str, Source]:
    """Map all of a U-Net's parameter names; `prefix` is put before each result."""
    names = list(names)
    resnets = {n.split(".resnets.")[1].split(".")[0] for n in names if "down_blocks.0.resnets" in n}
    with_attention = {
        n.split(".")[1] for n in names if n.startswith("up_blocks.") and ".attentions." in n
    }
    return {n: Source(prefix + _unet_name(n, len(resnets), with_attention)) for n in names}


def vae_sources(names: Iterable[str], prefix: str) -> dict[str, Source]:
    """Map all of an autoencoder's parameter names; `prefix` is put before each result."""
    names = list(names)
    ups = {n.split(".")[2] for n in names if n.startswith("decoder.up_blocks.")}
    return {n: Source(prefix + _vae_name(n, len(ups))) for n in names}


def clip_sources(names: Iterable[str], prefix: str) -> dict[str, Source]:
    """Map a CLIP-L text encoder's names, which single files keep as transformers has them."""
    return {n: Source(prefix + n) for n in names}


def open_clip_sources(names: Iterable[str], prefix: str) -> dict[str, Source]:
    """Map SDXL's second text encoder, whose q, k and v are one tensor in the file."""
    found = {n: _OPEN_CLIP.get(n) or _open_clip_layer(n) for n in names}
    return {n: Source(prefix + s.name, s.cut) for n, s in found.items()}


def _unet_name(name: str, layers: int, with_attention: set[str]) -> str:
    module, _, leaf = name.rpartition(".")
    if module in _UNET_ENDS:
        return f"{_UNET_ENDS[module]}.{leaf}"
    found = _UNET_BLOCK.fullmatch(name)
    if found is None:
        return name
    part, index, rest = found["part"], int(found["index"]), found["rest"]
    if part == "resnets":
        inner, _, leaf = rest.rpartition(".")
        rest = f"{_UNET_RESNET.get(inner, inner)}.{leaf}"
    column = int(part == "attentions")
    if found["side"] == "mid":
        return f"middle_block.{1 if column else 2 * index}.{rest}"
    block = int(found["block"])
    if found["side"] == "down":
        if part == "downsamplers":
            return f"input_blocks.{(block + 1) * (layers + 1)}.0.op.{rest.split('.')[-1]}"
        return f"input_blocks.{1 + block * (layers + 1) + index}.{column}.{rest}"
    if part == "upsamplers":
        behind = 2 if found["block"] in with_attention else 1
        return f"output_blocks.{block * (layers + 1) + layers}.{behind}.{rest}"
    return f"output_blocks.{block * (layers + 1) + index}.{column}.{rest}"


def _vae_name(name: str, ups: int) -> str:
    name = name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
    name = re.sub(r"down_blocks\.(\d+)\.resnets\.", r"down.\1.block.", name)
    name = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0\.", r"down.\1.downsample.", name)
    name = re.sub(
        r"up_blocks\.(\d+)\.resnets\.", lambda m: f"up.{ups - 1 - int(m[1])}.block.", name
    )
    name = re.sub(
        r"up_blocks\.(\d+)\.upsamplers\.0\.", lambda m: f"up.{ups - 1 - int(m[1])}.upsample.", name
    )
    name = re.sub(r"mid_block\.resnets\.(\d+)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
    before, attention, rest = name.partition("mid_block.attentions.0.")
    if not attention:
        return name
    module, _, leaf = rest.rpartition(".")
    return f"{before}mid.attn_1.{_VAE_ATTENTION[module]}.{leaf}"


def _open_clip_layer(name: str) -> Source:
    number, _, rest = name.removeprefix("text_model.encoder.layers.").partition(".")
    module, _, leaf = rest.rpartition(".")
    layer = f"transformer.resblocks.{number}."
    if module in _OPEN_CLIP_LAYER:
        return Source(f"{layer}{_OPEN_CLIP_LAYER[module]}.{leaf}")
    return Source(f"{layer}attn.in_proj_{leaf}", _THIRDS[module.rpartition(".")[2]])
