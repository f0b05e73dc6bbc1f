"""The listed optimizers and learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from lib_t2p.runs.trainers.builtin.adapters import Adapter, AdapterNetwork
from lib_t2p.settings import Settings, parse_arguments

POLYNOMIAL_END = 1e-7
"""Where the polynomial schedule ends, as in transformers, which sd-scripts uses."""


def make_optimizer(network: AdapterNetwork, settings: Settings) -> Optimizer:
    """Make the optimizer with one group for the text encoders and one for the U-Net."""
    groups = []
    for name, adapters, rate in (
        ("textencoder", network.text, settings.text_encoder_rate),
        ("unet", network.unet, settings.unet_lr),
    ):
        if adapters:
            lr = settings.learning_rate if rate is None else rate
            groups.append({"params": _parameters(adapters), "lr": lr, "name": name})
    return _class(settings.optimizer_type)(groups, lr=settings.learning_rate, **_extra(settings))


def _parameters(adapters: tuple[Adapter, ...]) -> list[torch.nn.Parameter]:
    return [p for adapter in adapters for p in (adapter.down, adapter.up)]


def _class(name: str) -> Callable[..., Optimizer]:
    if name == "DAdaptAdam":
        from dadaptation import DAdaptAdam

        return DAdaptAdam  # type: ignore[no-any-return]
    if name == "Prodigy":
        from prodigyopt import Prodigy

        return Prodigy  # type: ignore[no-any-return]
    # One call for all of a LoRA's hundreds of small tensors; a third of the time on a processor.
    return partial(torch.optim.AdamW, fused=True)


def _extra(settings: Settings) -> dict[str, Any]:
    values, _ = parse_arguments(settings.optimizer_args)
    if "betas" in values:
        values["betas"] = tuple(values["betas"])
    return values


def make_scheduler(optimizer: Optimizer, settings: Settings, steps: int) -> LambdaLR:
    """Scale the learning rate over `steps` optimizer steps."""
    warmup = settings.lr_warmup_steps
    rising = int(warmup * steps) if isinstance(warmup, float) and warmup < 1 else int(warmup)
    factors: list[Callable[[int], float]] = [
        partial(factor, settings=settings, warmup=rising, steps=steps, rate=group["lr"])
        for group in optimizer.param_groups
    ]
    return LambdaLR(optimizer, factors)


def factor(step: int, *, settings: Settings, warmup: int, steps: int, rate: float) -> float:
    """What the learning rate is multiplied by at `step`, counted from 0.

    Source: `transformers.optimization`, whose schedules sd-scripts uses.
    """
    name = settings.lr_scheduler
    if step < warmup:
        return step / max(1, warmup)
    if name.startswith("constant"):
        return 1.0
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    if name == "linear":
        return 1.0 - done
    if name == "polynomial":
        left = float((1.0 - done) ** settings.lr_scheduler_power)
        return ((rate - POLYNOMIAL_END) * left + POLYNOMIAL_END) / rate
    if name == "cosine":
        return 0.5 * (1.0 + math.cos(math.pi * done))
    if done >= 1.0:
        return 0.0
    return 0.5 * (1.0 + math.cos(math.pi * ((settings.lr_scheduler_num_cycles * done) % 1.0)))


def adapted_rate(optimizer: Optimizer) -> float | None:
    """d x lr of D-Adaptation and Prodigy; None for AdamW."""
    group = optimizer.param_groups[-1]
    return float(group["d"] * group["lr"]) if "d" in group else None
