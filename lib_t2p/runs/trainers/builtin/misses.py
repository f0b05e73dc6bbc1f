"""How far a prediction misses: squared, absolute, or forgiving large misses (Huber).

The loss is recorded as sd-scripts does: now, and on average over the last epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.functional import l1_loss, mse_loss

from lib_t2p.runs.trainers.builtin.noise import NoiseSchedule
from lib_t2p.settings import Settings


@dataclass
class LossRecorder:
    """Keeps the loss of each batch of an epoch; the next epoch overwrites them one by one.

    Attributes:
        losses: by position in the epoch.
    """

    losses: list[float] = field(default_factory=list)

    def add(self, position: int, loss: float) -> None:
        """Record the loss of a batch at its position in the epoch."""
        if position < len(self.losses):
            self.losses[position] = loss
        else:
            self.losses.append(loss)

    @property
    def average(self) -> float:
        """Mean over what is kept; 0 before the first batch."""
        return sum(self.losses) / len(self.losses) if self.losses else 0.0


TINY = 1e-12
"""A border of 0 has no logarithm."""


def misses(
    predicted: Tensor,
    target: Tensor,
    timesteps: Tensor,
    schedule: NoiseSchedule,
    settings: Settings,
) -> Tensor:
    """The loss of each number, in the shape of `predicted`.

    Source: `conditional_loss` in library/train_util.py of kohya-ss/sd-scripts v0.10: a smooth form
    of Huber's loss (arXiv 2403.16728) whose border may depend on the timestep.
    """
    if settings.loss_type == "l2":
        return mse_loss(predicted, target, reduction="none")
    if settings.loss_type == "l1":
        return l1_loss(predicted, target, reduction="none")
    border = huber_borders(timesteps, schedule, settings).view(-1, 1, 1, 1)
    beyond = 2 * (torch.sqrt((predicted - target) ** 2 + border**2) - border)
    return border * beyond if settings.loss_type == "huber" else beyond


def huber_borders(timesteps: Tensor, schedule: NoiseSchedule, settings: Settings) -> Tensor:
    """Up to where a miss counts as a square, (n,); from `huber_c` to 1, times `huber_scale`."""
    least, scale = settings.huber_c, settings.huber_scale
    if settings.huber_schedule == "exponential":
        return torch.exp(timesteps * (math.log(max(least, TINY)) / len(schedule.snr))) * scale
    if settings.huber_schedule == "constant":
        return torch.full(timesteps.shape, least * scale, device=timesteps.device)
    sigmas = schedule.snr[timesteps].rsqrt()
    # Unscaled, as in sd-scripts.
    return (1 - least) / (1 + sigmas) ** 2 + least
