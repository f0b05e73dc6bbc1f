"""What a run writes."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.lists import BUILTIN_SAMPLERS, SAMPLERS
from lib_t2p.settings.options.option import option


@dataclass(frozen=True)
class OutputOptions:
    """Saved models, training states and sample images."""

    save_precision: str | None = option(
        None,
        "Saved precision",
        "32 bit when empty.",
        choices=("float", "fp16", "bf16"),
        builtin=True,
    )
    save_model_as: str = option(
        "safetensors",
        "File format",
        "safetensors; the two others can hold code and are not read by us.",
        choices=("ckpt", "pt", "safetensors"),
    )
    save_every_n_epochs: int | None = option(
        None,
        "Save every",
        "Save a LoRA every n epochs; the last one is always saved.",
        unit="epochs",
        minimum=1,
        maximum=10000,
        level="simple",
        builtin=True,
    )
    save_every_n_steps: int | None = option(
        None,
        "Save after",
        "Save a LoRA every n steps.",
        unit="steps",
        minimum=1,
        maximum=1_000_000,
        builtin=True,
    )
    save_n_epoch_ratio: int | None = option(
        None,
        "Saved models in total",
        "Save at least n LoRAs, spread over the epochs, instead of at an interval.",
        minimum=1,
        maximum=10000,
        gui="",
    )
    save_last_n_epochs: int | None = option(
        None,
        "Keep last",
        "Keep only the LoRAs of the last n epochs.",
        unit="epochs",
        minimum=1,
        maximum=10000,
        builtin=True,
    )
    save_last_n_steps: int | None = option(
        None,
        "Keep from last",
        "Keep only the LoRAs of the last n steps.",
        unit="steps",
        minimum=1,
        maximum=1_000_000,
    )
    save_state: bool = option(
        False,
        "Save training state",
        "So that a run that was cut off goes on where it was.",
        builtin=True,
    )
    save_state_on_train_end: bool = option(
        False, "Save last state", "At the end only, to go on later."
    )
    save_last_n_epochs_state: int = option(
        1,
        "Keep states",
        "Keep the states of the last n epochs (one when empty); each is about three times as large "
        "as the LoRA.",
        minimum=1,
        maximum=100,
        original=None,
        builtin=True,
    )
    save_last_n_steps_state: int | None = option(
        None,
        "Keep states from last",
        "Keep the states of the last n steps.",
        unit="steps",
        minimum=1,
        maximum=1_000_000,
    )
    resume: str = option(
        "",
        "Resume from",
        "Folder of a state; a run goes on from its own last state anyway.",
        builtin=True,
        path=True,
    )
    sample_prompts: str = option(
        "",
        "Sample prompts",
        "One a line, with --n --w --h --d --l --s as in sd-scripts; or the path of such a file.",
        level="simple",
        builtin=True,
        path=True,
    )
    sample_every_n_epochs: int | None = option(
        None,
        "Sample every",
        "Draw samples every n epochs.",
        unit="epochs",
        minimum=1,
        maximum=10000,
        builtin=True,
    )
    sample_every_n_steps: int | None = option(
        None,
        "Sample after",
        "Draw samples every n steps.",
        unit="steps",
        minimum=1,
        maximum=1_000_000,
    )
    sample_at_first: bool = option(
        False,
        "Sample before training",
        "Shows what the checkpoint draws without the LoRA.",
        builtin=True,
        gui="",
    )
    sample_sampler: str = option(
        "ddim",
        "Sampler of sample images",
        "Of the sample images.",
        choices=SAMPLERS,
        choices_of={"builtin": BUILTIN_SAMPLERS},
        builtin=True,
    )
