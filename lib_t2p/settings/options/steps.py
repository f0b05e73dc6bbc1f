"""How long is trained."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.option import NEWEST, option


@dataclass(frozen=True)
class StepOptions:
    """Batch, epochs and seed."""

    train_batch_size: int = option(
        1,
        "Batch size",
        "Pictures per step.",
        minimum=1,
        maximum=256,
        level="simple",
        builtin=True,
    )
    gradient_accumulation_steps: int = option(
        1,
        "Gradient accumulation",
        "Batches summed up before one optimizer step.",
        minimum=1,
        maximum=256,
        builtin=True,
    )
    max_train_epochs: int | None = option(
        None,
        "Epochs",
        "Passes over all pictures with their repeats; takes precedence over steps.",
        minimum=1,
        maximum=10000,
        level="simple",
        builtin=True,
        gui="epoch",
    )
    max_train_steps: int = option(
        1600,
        "Steps",
        "Optimizer steps, when no epochs are given.",
        minimum=1,
        maximum=1_000_000,
        builtin=True,
    )
    seed: int | None = option(
        None,
        "Seed",
        "Of noise, order and first weights; drawn and written down when empty.",
        minimum=0,
        maximum=2**32 - 1,
        level="simple",
        builtin=True,
    )
    validation_split: float = option(
        0.0,
        "Validation share",
        "Share of the pictures that are not trained on but measured.",
        minimum=0.0,
        maximum=1.0,
        since=NEWEST,
        gui="",
    )
    validation_seed: int | None = option(
        None,
        "Validation seed",
        "Chooses those pictures; the seed when empty.",
        minimum=0,
        maximum=2**32 - 1,
        since=NEWEST,
        gui="",
    )
    validate_every_n_steps: int | None = option(
        None,
        "Validate after",
        "Validate every n steps.",
        unit="steps",
        minimum=1,
        maximum=1_000_000,
        since=NEWEST,
        gui="",
    )
    validate_every_n_epochs: int | None = option(
        None,
        "Validate every",
        "Validate every n epochs.",
        unit="epochs",
        minimum=1,
        maximum=10000,
        since=NEWEST,
        gui="",
    )
    max_validation_steps: int | None = option(
        None,
        "Longest validation",
        "Maximum number of steps per validation; all when empty.",
        unit="steps",
        minimum=1,
        maximum=1_000_000,
        since=NEWEST,
        gui="",
    )
