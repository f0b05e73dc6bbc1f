"""What a run writes."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.training.options.option import option

SAMPLE_SAMPLERS = ("ddim", "pndm", "lms", "euler", "euler_a", "heun", "dpmsolver++")


@dataclass(frozen=True)
class OutputOptions:
    """Saved models, training states and sample images."""

    save_precision: str | None = option(
        None, "Saved precision", "32 bit when empty.", choices=("float", "fp16", "bf16")
    )
    save_every_n_epochs: int | None = option(
        None,
        "Save every",
        "A LoRA after each so many epochs; the last one is always saved.",
        unit="epochs",
        minimum=1,
        maximum=10000,
        level="simple",
    )
    save_every_n_steps: int | None = option(
        None,
        "Save every",
        "A LoRA after each so many steps.",
        unit="steps",
        minimum=1,
        maximum=1_000_000,
    )
    save_last_n_epochs: int | None = option(
        None, "Keep last", "Only LoRAs of the last so many epochs stay.", minimum=1, maximum=10000
    )
    save_state: bool = option(
        False, "Save training state", "So that a run that was cut off goes on where it was."
    )
    save_last_n_epochs_state: int = option(
        1,
        "Keep states",
        "So many states stay; each is about three times as large as the LoRA.",
        minimum=1,
        maximum=100,
    )
    resume: str = option(
        "", "Resume from", "Folder of a state; a run goes on from its own last state by itself."
    )
    sample_prompts: str = option(
        "",
        "Sample prompts",
        "One a line, with --n --w --h --d --l --s as in sd-scripts; or the path of such a file.",
        level="simple",
    )
    sample_every_n_epochs: int | None = option(
        None, "Sample every", "Draw samples after so many epochs.", minimum=1, maximum=10000
    )
    sample_at_first: bool = option(
        False, "Sample before training", "Shows what the checkpoint draws without the LoRA."
    )
    sample_sampler: str = option(
        "ddim", "Sampler", "Of the sample images.", choices=SAMPLE_SAMPLERS
    )
