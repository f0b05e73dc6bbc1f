"""Two samplers of the WebUI that diffusers lacks: DPM++ 2S a and DPM++ SDE.

Formulas: DPM-Solver++ (Lu et al. 2022, arXiv:2211.01095), algorithm 2 for two evaluations a step,
and the ancestral step of Karras et al. 2022 (arXiv:2206.00364) as k-diffusion splits it. `x` lies
in the variance-exploding space: picture plus `sigma` times noise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch

Denoise = Callable[[torch.Tensor, float], torch.Tensor]
"""(x, sigma) -> the clean latents that the U-Net expects."""

Noise = Callable[[], torch.Tensor]
"""Fresh noise of the shape of x."""

OnStep = Callable[[int, int], None]


def ancestral_step(sigma: float, sigma_next: float) -> tuple[float, float]:
    """Split a step into one down to the first result and noise of the second put on top."""
    if sigma_next <= 0:
        return 0.0, 0.0
    up = min(sigma_next, math.sqrt(sigma_next**2 * (sigma**2 - sigma_next**2) / sigma**2))
    return math.sqrt(sigma_next**2 - up**2), up


def sample_2s_ancestral(
    x: torch.Tensor, sigmas: Sequence[float], denoise: Denoise, noise: Noise, on_step: OnStep
) -> torch.Tensor:
    """DPM++ 2S a: the second evaluation stands at the geometric middle of the step."""
    total = len(sigmas) - 1
    for i, (sigma, sigma_next) in enumerate(pairwise(sigmas)):
        clean = denoise(x, sigma)
        down, up = ancestral_step(sigma, sigma_next)
        if down > 0:
            middle = math.sqrt(sigma * down)
            clean = denoise(_towards(x, clean, middle / sigma), middle)
        x = _towards(x, clean, down / sigma)
        if up > 0:
            x = x + noise() * up
        on_step(i + 1, total)
    return x


def sample_sde(
    x: torch.Tensor, sigmas: Sequence[float], denoise: Denoise, noise: Noise, on_step: OnStep
) -> torch.Tensor:
    """DPM++ SDE with fresh noise at the middle and at the end of each step."""
    total = len(sigmas) - 1
    for i, (sigma, sigma_next) in enumerate(pairwise(sigmas)):
        clean = denoise(x, sigma)
        if sigma_next > 0:
            middle = math.sqrt(sigma * sigma_next)
            down, up = ancestral_step(sigma, middle)
            clean = denoise(_towards(x, clean, down / sigma) + noise() * up, middle)
        down, up = ancestral_step(sigma, sigma_next)
        x = _towards(x, clean, down / sigma)
        if up > 0:
            x = x + noise() * up
        on_step(i + 1, total)
    return x


def _towards(x: torch.Tensor, clean: torch.Tensor, ratio: float) -> torch.Tensor:
    """Move x to the noise level `ratio` times its own, the clean latents held fixed."""
    return ratio * x + (1 - ratio) * clean
