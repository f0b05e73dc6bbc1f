"""Diffusion noise: what is added at which timestep, and how misses are weighted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lib_t2p.settings import Settings


@dataclass(frozen=True)
class NoiseSchedule:
    """Tables over the timesteps, float32, on the device of training.

    Attributes:
        signal: sqrt of the cumulative alphas.
        noise: sqrt of one minus them.
        snr: signal to noise ratio, (signal / noise) squared.
    """

    signal: Tensor
    noise: Tensor
    snr: Tensor

    def noisy(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """Latents with noise of their timesteps; (n, c, h, w) each, timesteps (n,)."""
        return _wide(self.signal[timesteps]) * latents + _wide(self.noise[timesteps]) * noise

    def velocity(self, latents: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """Target of v-prediction (arXiv 2202.00512)."""
        return _wide(self.signal[timesteps]) * noise - _wide(self.noise[timesteps]) * latents


def noise_schedule(config: Mapping[str, Any], device: torch.device) -> NoiseSchedule:
    """Make the tables from a scheduler's config; SD's own betas where it names none."""
    count = int(config.get("num_train_timesteps", 1000))
    first, last = float(config.get("beta_start", 0.00085)), float(config.get("beta_end", 0.012))
    if config.get("beta_schedule", "scaled_linear") == "linear":
        betas = torch.linspace(first, last, count)
    else:
        betas = torch.linspace(first**0.5, last**0.5, count) ** 2
    kept = torch.cumprod(1.0 - betas, dim=0)
    signal, noise = kept.sqrt().to(device), (1.0 - kept).sqrt().to(device)
    return NoiseSchedule(signal, noise, (signal / noise) ** 2)


def draw_noise(latents: Tensor, settings: Settings) -> Tensor:
    """Gaussian noise, with an offset per channel or coarser layers when the settings say so."""
    noise = torch.randn_like(latents)
    if settings.noise_offset:
        count, channels = latents.shape[:2]
        noise += _offset(latents, settings) * torch.randn(
            (count, channels, 1, 1), device=latents.device, dtype=latents.dtype
        )
    if settings.multires_noise_iterations:
        noise = _with_coarser(
            noise, settings.multires_noise_iterations, settings.multires_noise_discount
        )
    return noise


def _offset(latents: Tensor, settings: Settings) -> Tensor | float:
    offset: Tensor | float = settings.noise_offset or 0.0
    if settings.noise_offset_random_strength:
        offset = torch.rand(1, device=latents.device) * offset
    if settings.adaptive_noise_scale is not None:
        # The scale may be negative, the offset not.
        means = latents.mean(dim=(2, 3), keepdim=True).abs()
        offset = (offset + settings.adaptive_noise_scale * means).clamp(min=0.0)
    return offset


def draw_shown(noise: Tensor, settings: Settings) -> Tensor:
    """The noise that the model sees: with input perturbation when the settings say so."""
    if not settings.ip_noise_gamma:
        return noise
    strength: Tensor | float = settings.ip_noise_gamma
    if settings.ip_noise_gamma_random_strength:
        strength = torch.rand(1, device=noise.device) * strength
    return noise + strength * torch.randn_like(noise)


def draw_timesteps(
    count: int, settings: Settings, schedule: NoiseSchedule, device: torch.device
) -> Tensor:
    """Timesteps, evenly likely, (count,)."""
    high = len(schedule.snr)
    if settings.max_timestep is not None:
        high = min(high, settings.max_timestep)
    return torch.randint(settings.min_timestep or 0, high, (count,), device=device)


def loss_weights(timesteps: Tensor, schedule: NoiseSchedule, settings: Settings) -> Tensor | None:
    """Weight of each sample, (n,): min-SNR (arXiv 2303.09556), debiased (arXiv 2310.08442).

    Both are multiplied when both are on, as in sd-scripts; None without any.
    """
    snr = schedule.snr[timesteps]
    weights = None
    if settings.min_snr_gamma:
        below = snr.clamp(max=settings.min_snr_gamma)
        weights = below / (snr + 1) if settings.v_parameterization else below / snr
    if settings.debiased_estimation_loss:
        limited = snr.clamp(max=1000)
        debiased = 1 / (limited + 1) if settings.v_parameterization else limited.rsqrt()
        weights = debiased if weights is None else weights * debiased
    return weights


def _wide(values: Tensor) -> Tensor:
    return values.view(-1, 1, 1, 1)


def _with_coarser(noise: Tensor, layers: int, discount: float) -> Tensor:
    """Add noise of falling resolution and bring the spread back to 1."""
    count, channels, height, width = noise.shape
    upsample = torch.nn.Upsample(size=(height, width), mode="bilinear")
    for layer in range(1, layers + 1):
        rows, columns = max(1, height // 2**layer), max(1, width // 2**layer)
        coarse = torch.randn(
            (count, channels, rows, columns), device=noise.device, dtype=noise.dtype
        )
        noise = noise + upsample(coarse) * discount**layer
        if rows == 1 or columns == 1:
            break
    return noise / noise.std()
