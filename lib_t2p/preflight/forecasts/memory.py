"""Memory of the card, by arithmetic."""

from __future__ import annotations

from lib_t2p.diffusion import Family
from lib_t2p.preflight.forecasts.sizes import BYTES, MB, base_weights, lora_weights
from lib_t2p.settings import Settings, moments

ACTIVATIONS = {Family.SD15: 3731, Family.SDXL: 6957}
"""MiB that one backward pass keeps per picture of 1024 x 1024 px in 16 bit, with a LoRA in the
attention and without attention matrices (xformers or SDPA). Counted by running the U-Nets on
tensors without content; they grow with the area."""

CHECKPOINTED = {Family.SD15: 590 + 331, Family.SDXL: 480 + 761}
"""The same with gradient checkpointing: inputs of all blocks and the inside of the largest."""

AUTOCAST = 1.6
"""Norms of mixed precision keep 32-bit copies: ours, from the share of norms among the layers."""

CONTEXT_MB = 1000
"""CUDA's own libraries and work space: ours, a round number."""


def held_mb(settings: Settings, family: Family, size: float = 1.0) -> int:
    """MiB of weights, LoRA, gradients and optimizer, which no smaller picture can lower.

    Args:
        settings: of the run.
        family: of the base.
        size: share of the family's size, from `sizes.base_size`.
    """
    per_weight = BYTES[settings.mixed_precision]
    trained = 2 if settings.full_bf16 or settings.full_fp16 else 4
    lora = lora_weights(settings, family) * trained * (2 + moments(settings.optimizer_type))
    return int(size * (base_weights(settings, family) * per_weight + lora) / MB) + CONTEXT_MB


def vram_mb(settings: Settings, family: Family, size: float = 1.0) -> int:
    """MiB at the peak of training, the arguments as of `held_mb`; right within about a third."""
    table = CHECKPOINTED if settings.gradient_checkpointing else ACTIVATIONS
    width, height = settings.size
    pictures = settings.train_batch_size * width * height / (1024 * 1024)
    factor = BYTES[settings.mixed_precision] / 2
    if factor == 1 and not (settings.full_bf16 or settings.full_fp16):
        factor = AUTOCAST
    return held_mb(settings, family, size) + int(size * pictures * table[family] * factor)
