"""Logs, and copies elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.option import MIDDLE, option


@dataclass(frozen=True)
class LogOptions:
    """Trackers beside our own curves, and uploads to Hugging Face."""

    log_with: str | None = option(
        None,
        "Tracker",
        "TensorBoard's logs are always written; wandb and all need the package wandb.",
        choices=("tensorboard", "wandb", "all"),
    )
    log_prefix: str = option(
        "",
        "Log prefix",
        "Put before the name of the log folder.",
        gui="",
        path=True,
    )
    log_tracker_name: str = option("", "Tracker's project", "Name of the project in wandb.")
    log_tracker_config: str = option(
        "",
        "Tracker's settings",
        "Path of a TOML file with settings of the tracker.",
        path=True,
    )
    wandb_run_name: str = option("", "Tracker's run", "Name of the run in wandb.")
    log_config: bool = option(
        False, "Log the settings", "Write all settings into the tracker.", since=MIDDLE
    )
    huggingface_repo_id: str = option(
        "", "Hugging Face repository", "Saved models are sent there, as name/repository."
    )
    huggingface_repo_type: str = option("", "Repository type", "Such as model.")
    huggingface_path_in_repo: str = option("", "Folder there", "Folder in the repository.")
    huggingface_repo_visibility: str = option("", "Visibility", "public, or private when empty.")
    save_state_to_huggingface: bool = option(
        False, "Send states", "Send training states to the repository too."
    )
    async_upload: bool = option(False, "Send in the background", "Training goes on meanwhile.")
