"""Sizes of what a training holds and writes: memory of the card and disk, by arithmetic."""

from __future__ import annotations

from pathlib import Path

from lib_t2p import diffusion
from lib_t2p.diffusion import Family
from lib_t2p.settings import Settings, moments

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


LATENT_BYTES_PER_PIXEL = 4 * 4 / 64
"""Four 32-bit channels for each 8 x 8 px."""


def saved_model_count(settings: Settings, steps: int, epochs: int) -> int:
    """Models that a run leaves, the last included."""
    every, last = settings.save_every_n_epochs, settings.save_last_n_epochs
    by_epoch = (max(0, epochs - 1) // every) if every else 0
    if last and every:
        by_epoch = min(by_epoch, max(1, last // every))
    by_step = (
        (max(0, steps - 1) // settings.save_every_n_steps) if settings.save_every_n_steps else 0
    )
    return by_epoch + by_step + 1


def state_bytes(settings: Settings, family: Family) -> int:
    """One training state: weights and the optimizer's numbers."""
    width = 2 if settings.full_bf16 or settings.full_fp16 else 4
    return lora_weights(settings, family) * width * (1 + moments(settings.optimizer_type))


def latent_bytes(settings: Settings, files: int) -> int:
    """Latents of all pictures, as they are cached on the disk."""
    width, height = settings.size
    return int(files * width * height * LATENT_BYTES_PER_PIXEL)


def disk_bytes(settings: Settings, family: Family, steps: int, epochs: int, files: int) -> int:
    """All that a run writes: saved models, one state more than is kept, latents."""
    total = saved_model_count(settings, steps, epochs) * model_bytes(settings, family)
    if settings.save_state:
        # A new state is whole before the oldest goes.
        total += (settings.save_last_n_epochs_state + 1) * state_bytes(settings, family)
    return total + (latent_bytes(settings, files) if settings.cache_latents else 0)


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
