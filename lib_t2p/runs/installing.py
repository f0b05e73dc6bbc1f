"""Putting the last LoRA of a run where a WebUI finds it, and the card that goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from lib_t2p.errors import T2PError
from lib_t2p.jobs.events import Reporter
from lib_t2p.lora import LoraCard, install_trial, read_header, recognise_lora, write_card
from lib_t2p.runs.runs import Run, SavedModel, read_run, saved_models
from lib_t2p.workspace import RunFolder

_VERSIONS: dict[str, Literal["SD1", "SD2", "SDXL", "Unknown"]] = {
    "sd15": "SD1",
    "sd2": "SD2",
    "sdxl": "SDXL",
}


def card_of(run: Run, model: SavedModel, *, weight: float = 0.0, verdict: str = "") -> LoraCard:
    """Say what a person needs for painting with a saved model.

    Args:
        run: that saved it.
        model: whole.
        weight: preferred weight; 0 leaves the WebUI's default.
        verdict: a sentence about likeness, when there is one.

    Raises:
        LoraError: the model cannot be read.
    """
    settings = run.settings
    family = recognise_lora(read_header(model.path)).family
    trained = (
        f"Epoch {model.epoch}, step {model.step} of run {run.name}, trained on "
        f"{Path(run.checkpoint).name} with rank {settings.network_dim}, alpha "
        f"{settings.network_alpha:g}, {settings.optimizer_type}, "
        f"{settings.resolution.replace(',', 'x')} px."
    )
    return LoraCard(
        description=f"{run.trigger} {run.class_word}. {verdict}".strip(),
        sd_version=_VERSIONS.get(family, "Unknown"),
        activation_text=f"{run.trigger} {run.class_word}",
        preferred_weight=weight,
        notes=trained,
    )


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
