"""A random checkpoint in SD1.5's single-file layout with a hundredth of its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CHANNELS = (32, 64, 64, 64)
WIDTH = 768
"""By it the family is recognised."""


def write_small_base(path: Path) -> Path:
    """Write it with sd-scripts' tensor names; needs torch and diffusers.

    The names follow from the same tables that our own loading uses.
    """
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from safetensors.torch import save_file
    from transformers import CLIPTextConfig, CLIPTextModel

    from lib_t2p.diffusion import ldm_names

    torch.manual_seed(3)
    cross, plain = "CrossAttn", ""
    unet = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=CHANNELS,
        layers_per_block=2,
        cross_attention_dim=WIDTH,
        attention_head_dim=8,
        down_block_types=tuple(f"{k}DownBlock2D" for k in (cross, cross, cross, plain)),
        up_block_types=tuple(f"{k}UpBlock2D" for k in (plain, cross, cross, cross)),
    )
    vae = AutoencoderKL(
        block_out_channels=(32, 32, 32, 32),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=4,
    )
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=49408,
            hidden_size=WIDTH,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=12,
            projection_dim=WIDTH,
        )
    )
    sources = {
        **_named(unet, ldm_names.unet_sources(unet.state_dict(), "model.diffusion_model.")),
        **_named(vae, ldm_names.vae_sources(vae.state_dict(), "first_stage_model.")),
        **_named(text, ldm_names.clip_sources(text.state_dict(), "cond_stage_model.transformer.")),
    }
    positions = "cond_stage_model.transformer.text_model.embeddings.position_ids"
    sources[positions] = torch.arange(77).unsqueeze(0)
    halves = {n: t.half() if t.is_floating_point() else t for n, t in sources.items()}
    save_file(halves, str(path), metadata={"format": "pt"})
    return path


def _named(model: Any, sources: Any) -> dict[str, Any]:
    tensors = model.state_dict()
    named = {source.name: tensors[name] for name, source in sources.items()}
    # 1x1 convolutions in the file, linear layers in diffusers.
    return {
        name: tensor.reshape(*tensor.shape, 1, 1)
        if ".mid.attn_1." in name and tensor.dim() == 2
        else tensor.contiguous()
        for name, tensor in named.items()
    }
