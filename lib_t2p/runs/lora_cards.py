"""The card of a LoRA that a run saved."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from lib_t2p.lora import LoraCard, read_header, recognise_lora
from lib_t2p.runs.runs import Run, SavedModel

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
