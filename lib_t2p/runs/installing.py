"""Putting the last LoRA of a run where a WebUI finds it, with its card."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.errors import T2PError
from lib_t2p.jobs.events import Reporter
from lib_t2p.lora import install_trial, write_card
from lib_t2p.runs.lora_cards import card_of
from lib_t2p.runs.runs import read_run, saved_models
from lib_t2p.workspace import RunFolder


def install_last(folder: RunFolder, lora_root: Path, reporter: Reporter) -> Path | None:
    """Install the last saved model as a model under test.

    A card that is there already stays.

    Args:
        folder: of a run that ended well.
        lora_root: the folder of LoRAs.
        reporter: warned when it cannot be installed, since the training itself ended well.

    Returns:
        The file below `lora_root`; None when it was not installed.
    """
    models = saved_models(folder)
    if not models:
        return None
    last = models[-1]
    try:
        installed = install_trial(last.path, lora_root, last.stem)
        if not installed.with_suffix(".json").exists():
            write_card(installed, card_of(read_run(folder), last))
    except T2PError as error:
        reporter.warning(f"The last model was saved but not installed. {error}")
        return None
    return installed
