"""What a safetensors file is that is no LoRA, or no whole checkpoint, told by names of tensors."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lib_t2p.lora.header import TensorInfo

Tensors = Mapping[str, TensorInfo]

_ADAPTERS: tuple[tuple[str, str], ...] = (
    (r"^(ip_adapter|image_proj|image_proj_model|proj_model)\.|\.to_[kv]_ip\b|^ip_adapter_",
     "an IP-Adapter"),
    (r"^lllite_", "a ControlNet-LLLite"),
    (r"^lora_controlnet$", "a Control-LoRA of ControlNet"),
    (r"^(control_model|controlnet_)|^(zero_convs|input_hint_block|middle_block_out)\.|"
     r"^controlnet_(cond_embedding|down_blocks|mid_block)|^controlnet_x_embedder", "a ControlNet"),
    (r"^id_encoder\.", "a PhotoMaker file, which holds more than a LoRA"),
    (r"^unet:\d+:(up|down)$", "a LoRA in the oldest format (cloneofsimo's), which no WebUI reads"),
    (r"^(adapter\.)?body\.\d+\.(resnets|block[12]|in_conv)", "a T2I-Adapter"),
    (r"\bemb_params$|\bstring_to_param\b|^string_to_token", "a textual inversion embedding"),
    (r"^(320|384|640|768|1024|1280|2048)\.[01]\.linear\.|^(layer_structure|activation_func)$|"
     r"^hypernet", "a hypernetwork"),
)  # fmt: skip
"""Told before anything else: several of them hold layers that are named as a LoRA's."""

_WHOLE: tuple[tuple[str, str], ...] = (
    (r"^model\.diffusion_model\.", "a checkpoint"),
    (r"\bmotion_modules\.", "a motion module of AnimateDiff"),
    (r"^(first_stage_model\.)?(encoder|decoder)\.(conv_in|conv_out|down|up|mid|down_blocks|"
     r"up_blocks|mid_block)\b|^first_stage_model\.|^(post_)?quant_conv\.", "a VAE"),
    (r"^(encoder|decoder)\.layers\.\d+\.|^(taesd_)?(encoder|decoder)\.\d+\.",
     "a small VAE for previews"),
    (r"^model\.(layers\.\d+|embed_tokens)\.", "a language model"),
    (r"^(vision_model|visual)\.", "a CLIP image encoder"),
    (r"^(cond_stage_model|conditioner\.embedders|text_model|transformer\.text_model)\.|"
     r"^encoder\.block\.\d+\.layer\.|^shared\.weight$", "a text encoder"),
    (r"^(down_blocks|up_blocks|mid_block|input_blocks|output_blocks|middle_block)\.",
     "a U-Net without its text encoder and VAE"),
    (r"^(double_blocks|single_blocks|joint_blocks|transformer_blocks|single_transformer_blocks|"
     r"joint_transformer_blocks|double_stream_blocks)\.|^blocks\.\d+\.(self_attn|cross_attn|attn\d?)\.|"
     r"^layers\.\d+\.(attention|feed_forward)\.",
     "a transformer (Flux, SD3 or the like) without its text encoder and VAE"),
    (r"^(RRDB_trunk|conv_first|trunk_conv|body\.\d+\.rdb\d|model\.\d+\.sub\.|layers\.\d+\."
     r"residual_group)", "an upscaler"),
)  # fmt: skip
PARTS = ("a VAE", "a text encoder", "a U-Net without its text encoder and VAE",
         "a transformer (Flux, SD3 or the like) without its text encoder and VAE")  # fmt: skip
"""Kinds that are one part of a checkpoint."""
_OF_LORA = re.compile(
    r"[._]lora[._\d]|\.(?:hada_|lokr_|oft_|boft_|glora_|vera_|ia3_|dora_scale|on_input|diff(?:_b)?$|"
    r"[ab]2\.weight$|[wb]_norm$)"
)
_EMBEDDING_WIDTHS = (768, 1024, 1280)


def adapter_kind(tensors: Tensors) -> str:
    """Name an adapter or embedding, which is neither LoRA nor checkpoint; empty for none."""
    if _named(tensors, _ADAPTERS[:-2]):
        return _named(tensors, _ADAPTERS[:-2])
    if any(_OF_LORA.search(name) for name in tensors):
        # LoRAs may carry embeddings along.
        return ""
    return _named(tensors, _ADAPTERS) or _embedding(tensors)


def whole_kind(tensors: Tensors) -> str:
    """Name a whole model or a part of one; empty for none that is known."""
    return _named(tensors, _WHOLE)


def _named(tensors: Tensors, table: tuple[tuple[str, str], ...]) -> str:
    for pattern, kind in table:
        mark = re.compile(pattern)
        if any(mark.search(name) for name in tensors):
            return kind
    return ""


def _embedding(tensors: Tensors) -> str:
    """A few vectors and nothing else: one for each text encoder."""
    plain = 0 < len(tensors) <= 2 and all(
        len(info.shape) <= 2
        and info.shape
        and info.shape[-1] in _EMBEDDING_WIDTHS
        and (len(info.shape) == 1 or info.shape[0] <= 128)
        and "." not in name
        for name, info in tensors.items()
    )
    return "a textual inversion embedding" if plain else ""
