"""How fast is trained."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.lists import (
    OPTIMIZERS,
    OPTIMIZERS_OF,
    SCHEDULER_TYPES,
    SCHEDULERS,
    SCHEDULERS_OF,
)
from lib_t2p.settings.options.option import MIDDLE, OLDEST, option

_ONE_RATE = "float | None"


@dataclass(frozen=True)
class RateOptions:
    """Optimizer and learning rate."""

    optimizer_type: str = option(
        "AdamW",
        "Optimizer",
        "DAdaptAdam and Prodigy find the learning rate on their own (give 1.0). AdamW when empty.",
        choices=OPTIMIZERS,
        choices_of=OPTIMIZERS_OF,
        level="simple",
        original="",
        builtin=True,
        trust="code",
        gui="optimizer",
    )
    optimizer_args: tuple[str, ...] = option(
        (), "Optimizer arguments", "`name=value` each, such as weight_decay=0.2.", builtin=True
    )
    use_8bit_adam: bool = option(
        False, "8-bit AdamW", "Old way to choose the optimizer AdamW8bit.", gui=""
    )
    use_lion_optimizer: bool = option(
        False, "Lion", "Old way to choose the optimizer Lion.", gui=""
    )
    learning_rate: float = option(
        2e-6,
        "Learning rate",
        "1e-4 is common for AdamW; 1.0 for DAdaptAdam and Prodigy.",
        minimum=0.0,
        maximum=10.0,
        level="simple",
        builtin=True,
    )
    unet_lr: float | None = option(
        None,
        "U-Net learning rate",
        "The learning rate when empty.",
        minimum=0.0,
        maximum=10.0,
        builtin=True,
    )
    text_encoder_lr: float | tuple[float, ...] | None = option(
        None,
        "Text-encoder learning rate",
        "The learning rate when empty; v0.10 takes one for each of SDXL's two text encoders.",
        minimum=0.0,
        maximum=10.0,
        builtin=True,
        kind_of={OLDEST: _ONE_RATE, MIDDLE: _ONE_RATE, "builtin": _ONE_RATE},
    )
    lr_scheduler: str = option(
        "constant",
        "Scheduler",
        "How the learning rate goes from the first step to the last.",
        choices=SCHEDULERS,
        choices_of=SCHEDULERS_OF,
        level="simple",
        builtin=True,
        trust="code",
    )
    lr_scheduler_type: str = option(
        "",
        "Scheduler class",
        "A class of torch.optim.lr_scheduler that is taken instead of the scheduler.",
        choices=SCHEDULER_TYPES,
        trust="code",
    )
    lr_scheduler_args: tuple[str, ...] = option(
        (), "Scheduler arguments", "`name=value` each, such as T_max=100."
    )
    lr_warmup_steps: int | float = option(
        0,
        "Warm-up",
        "Steps in which the rate rises from 0; below 1 with a decimal point it is a share.",
        unit="steps",
        minimum=0,
        maximum=1_000_000,
        builtin=True,
        kind_of={OLDEST: "int"},
        gui="lr_warmup",
    )
    lr_decay_steps: int | float = option(
        0,
        "Decay",
        "Last steps, in which warmup_stable_decay goes down; below 1 it is a share.",
        unit="steps",
        minimum=0,
        maximum=1_000_000,
        since=MIDDLE,
        gui="",
    )
    lr_scheduler_num_cycles: int = option(
        1, "Restarts", "Cycles of cosine_with_restarts.", minimum=1, maximum=1000, builtin=True
    )
    lr_scheduler_power: float = option(
        1.0,
        "Polynomial power",
        "1 is a straight line.",
        minimum=0.0,
        maximum=100.0,
        builtin=True,
    )
    lr_scheduler_timescale: int | None = option(
        None,
        "Inverse-root timescale",
        "Of inverse_sqrt; the warm-up when empty.",
        unit="steps",
        minimum=1,
        maximum=1_000_000,
        since=MIDDLE,
        gui="",
    )
    lr_scheduler_min_lr_ratio: float | None = option(
        None,
        "Lowest rate",
        "Share of the rate at which cosine_with_min_lr and warmup_stable_decay end.",
        minimum=0.0,
        maximum=1.0,
        since=MIDDLE,
        gui="",
    )
    max_grad_norm: float = option(
        1.0,
        "Gradient clipping",
        "Largest norm of the gradient; 0 is off.",
        minimum=0.0,
        maximum=1000.0,
        builtin=True,
    )
    fused_backward_pass: bool = option(
        False,
        "Fused backward pass",
        "Adafactor only: apply each gradient at once, which saves memory.",
        since=MIDDLE,
        gui="",
    )
