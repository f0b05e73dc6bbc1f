"""What the run itself decides, so that no form shows it and no recipe holds it."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.lists import LEVELS
from lib_t2p.settings.options.option import MIDDLE, option


@dataclass(frozen=True)
class RunOptions:
    """Files, folders, resuming, secrets and what a run prints."""

    pretrained_model_name_or_path: str = option(
        "",
        "Base checkpoint",
        "The run's checkpoint.",
        path=True,
    )
    tokenizer_cache_dir: str = option(
        "",
        "Tokenizer folder",
        "Where tokenizers lie, so that nothing is fetched.",
        gui="",
        path=True,
    )
    output_dir: str = option(
        "",
        "Output folder",
        "The run's folder of saved models.",
        path=True,
    )
    output_name: str = option(
        "",
        "Output name",
        "First part of the names of saved models.",
        path=True,
    )
    logging_dir: str = option(
        "",
        "Log folder",
        "The run's folder of TensorBoard logs.",
        path=True,
    )
    config_file: str = option(
        "",
        "Settings file",
        "A TOML file that a run hands over.",
        gui="",
        path=True,
    )
    output_config: bool = option(
        False, "Write settings file", "Writes that file and ends without training.", gui=""
    )
    resume_from_huggingface: bool = option(
        False, "Resume from Hugging Face", "Fetch the state; we resume from own states only."
    )
    initial_epoch: int | None = option(
        None,
        "First epoch",
        "Where a resumed run begins to count.",
        minimum=1,
        maximum=10000,
        since=MIDDLE,
        gui="",
    )
    initial_step: int | None = option(
        None,
        "First step",
        "Where a resumed run begins to count.",
        minimum=0,
        maximum=1_000_000,
        since=MIDDLE,
        gui="",
    )
    skip_until_initial_step: bool = option(
        False,
        "Skip steps done",
        "A resumed run leaves out the pictures it has seen.",
        since=MIDDLE,
        gui="",
    )
    console_log_level: str | None = option(
        None, "Log level", "How much is printed.", choices=LEVELS, gui=""
    )
    console_log_file: str = option(
        "",
        "Log file",
        "Print into a file instead.",
        gui="",
        path=True,
    )
    console_log_simple: bool = option(
        False, "Plain log", "Lines that are neither coloured nor wrapped.", gui=""
    )
    debug_dataset: bool = option(
        False, "Show pictures", "Opens a window for each picture and does not train.", gui=""
    )
    wandb_api_key: str = option(
        "", "Key of wandb", "A secret: set WANDB_API_KEY in the environment instead."
    )
    huggingface_token: str = option(
        "", "Hugging Face token", "A secret: set HF_TOKEN in the environment instead."
    )
