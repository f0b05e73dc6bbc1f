"""How long and how fast is trained."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.training.options.option import option

OPTIMIZERS = ("AdamW", "DAdaptAdam", "Prodigy")
SCHEDULERS = (
    "constant",
    "constant_with_warmup",
    "linear",
    "cosine",
    "cosine_with_restarts",
    "polynomial",
)


@dataclass(frozen=True)
class StepOptions:
    """Batch, epochs, optimizer and learning rate."""

    train_batch_size: int = option(
        1, "Batch size", "Pictures per step.", minimum=1, maximum=256, level="simple"
    )
    gradient_accumulation_steps: int = option(
        1,
        "Gradient accumulation",
        "Batches summed up before one optimizer step.",
        minimum=1,
        maximum=256,
    )
    max_train_epochs: int | None = option(
        None,
        "Epochs",
        "Passes over all pictures with their repeats; takes precedence over steps.",
        minimum=1,
        maximum=10000,
        level="simple",
    )
    max_train_steps: int = option(
        1600, "Steps", "Optimizer steps, when no epochs are given.", minimum=1, maximum=1_000_000
    )
    seed: int | None = option(
        None,
        "Seed",
        "Of noise, order and first weights; drawn and written down when empty.",
        minimum=0,
        maximum=2**32 - 1,
        level="simple",
    )
    optimizer_type: str = option(
        "AdamW",
        "Optimizer",
        "DAdaptAdam and Prodigy find the learning rate on their own (give 1.0).",
        choices=OPTIMIZERS,
        level="simple",
    )
    optimizer_args: tuple[str, ...] = option(
        (), "Optimizer arguments", "`name=value` each, such as weight_decay=0.2."
    )
    learning_rate: float = option(
        2e-6,
        "Learning rate",
        "1e-4 is common for AdamW; 1.0 for DAdaptAdam and Prodigy.",
        minimum=0.0,
        maximum=10.0,
        level="simple",
    )
    unet_lr: float | None = option(
        None, "U-Net learning rate", "The learning rate when empty.", minimum=0.0, maximum=10.0
    )
    text_encoder_lr: float | None = option(
        None,
        "Text-encoder learning rate",
        "The learning rate when empty.",
        minimum=0.0,
        maximum=10.0,
    )
    lr_scheduler: str = option(
        "constant",
        "Scheduler",
        "How the learning rate goes from the first step to the last.",
        choices=SCHEDULERS,
        level="simple",
    )
    lr_warmup_steps: int | float = option(
        0,
        "Warm-up",
        "Steps in which the rate rises from 0; below 1 with a decimal point it is a share.",
        unit="steps",
        minimum=0,
        maximum=1_000_000,
    )
    lr_scheduler_num_cycles: int = option(
        1, "Restarts", "Cycles of cosine_with_restarts.", minimum=1, maximum=1000
    )
    lr_scheduler_power: float = option(
        1.0, "Polynomial power", "1 is a straight line.", minimum=0.0, maximum=100.0
    )
    max_grad_norm: float = option(
        1.0,
        "Gradient clipping",
        "Largest norm of the gradient; 0 is off.",
        minimum=0.0,
        maximum=1000.0,
    )
