"""Sizes of what a training holds and writes."""

from __future__ import annotations

from pathlib import Path

from lib_t2p import diffusion
from lib_t2p.settings import Settings

MB = 1024 * 1024

_UNET_RANK = {diffusion.Family.SD15: 423_936, diffusion.Family.SDXL: 2_659_840}
_TEXT_RANK = {diffusion.Family.SD15: 165_888, diffusion.Family.SDXL: 165_888 + 737_280}
_CONV_RANK = {diffusion.Family.SD15: 544_000, diffusion.Family.SDXL: 355_840}
"""Weights of a LoRA per rank: sum of inputs and outputs of the trained layers (3x3 convolutions:
9 x inputs). SD1.5's first two are the sums over the recorded LoRA of sd-scripts; the others were
counted in the same way on the models' own layers."""

_WEIGHTS = {diffusion.Family.SD15: 859_500_000, diffusion.Family.SDXL: 2_567_500_000}
_TEXT_WEIGHTS = {diffusion.Family.SD15: 123_100_000, diffusion.Family.SDXL: 817_700_000}
VAE_WEIGHTS = 83_700_000
"""Weights of U-Net, text encoders and VAE, counted on the models."""

BYTES = {"float": 4, "no": 4, "fp16": 2, "bf16": 2}


def base_size(checkpoint: Path, family: diffusion.Family) -> float:
    """Share of the family's size that a base checkpoint has, up to 1; the demo's has 0.01."""
    files = [checkpoint] if checkpoint.is_file() else checkpoint.rglob("*.safetensors")
    found = sum(path.stat().st_size for path in files)
    whole = 2 * (_WEIGHTS[family] + _TEXT_WEIGHTS[family] + VAE_WEIGHTS)
    # Nothing is known of what cannot be found: taken as whole.
    return min(1.0, found / whole) if found else 1.0


def lora_weights(settings: Settings, family: diffusion.Family) -> int:
    """Numbers in the LoRA."""
    weights = 0
    if not settings.network_train_text_encoder_only:
        weights += settings.network_dim * _UNET_RANK[family]
        weights += (settings.conv_dim or 0) * _CONV_RANK[family]
    if not settings.network_train_unet_only:
        weights += settings.network_dim * _TEXT_RANK[family]
    return weights


def base_weights(settings: Settings, family: diffusion.Family) -> int:
    """Numbers of the base that stay on the card while training."""
    weights = _WEIGHTS[family]
    if not settings.cache_text_encoder_outputs:
        weights += _TEXT_WEIGHTS[family]
    return weights + (0 if settings.cache_latents else VAE_WEIGHTS)


def model_bytes(settings: Settings, family: diffusion.Family) -> int:
    """Size of one saved LoRA."""
    return lora_weights(settings, family) * BYTES[settings.save_precision or "float"]
