"""Base checkpoints, samplers and LoRAs as the WebUI lists them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def checkpoint_titles() -> list[str]:
    """Titles, the loaded or chosen one first."""
    from modules import sd_models, shared

    titles = list(sd_models.checkpoints_list)
    chosen = sd_models.checkpoint_aliases.get(shared.opts.data.get("sd_model_checkpoint"))
    if chosen is not None and chosen.title in titles:
        titles.remove(chosen.title)
        titles.insert(0, chosen.title)
    return titles


def checkpoint_file(title: str) -> Path | None:
    """The file of a title."""
    from modules import sd_models

    info = sd_models.checkpoint_aliases.get(title)
    return Path(info.filename).absolute() if info is not None else None


def checkpoint_title(file: Path) -> str | None:
    """The title under which the WebUI offers a file; None when it does not."""
    from modules import sd_models

    for info in list(sd_models.checkpoints_list.values()):
        if _is_same(Path(info.filename), file):
            return str(info.title)
    return None


def sampler_names() -> list[str]:
    """Samplers for txt2img."""
    from modules import sd_samplers

    return [sampler.name for sampler in sd_samplers.all_samplers]


def known_loras(*, refresh: bool) -> dict[str, Path]:
    """Stem -> file of every LoRA that a prompt can name; empty when the WebUI's Lora is off."""
    networks: Any = sys.modules.get("networks")
    if networks is None:
        return {}
    if refresh:
        networks.list_available_networks()
    return {name: Path(entry.filename) for name, entry in networks.available_networks.items()}


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.absolute() == other.absolute() or one.samefile(other)
    except OSError:
        return False
