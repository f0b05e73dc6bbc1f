"""What a training leaves on the disk, by arithmetic."""

from __future__ import annotations

from lib_t2p.diffusion import Family
from lib_t2p.preflight.forecasts.sizes import lora_weights, model_bytes
from lib_t2p.settings import Settings, moments

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
