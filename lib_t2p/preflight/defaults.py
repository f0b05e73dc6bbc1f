"""Which recipe to begin with, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lib_t2p.diffusion import Family
from lib_t2p.plurals import counted
from lib_t2p.preflight.forecasts.space import vram_mb
from lib_t2p.settings import Settings, load_recipe, settings_from

GUIDE_PHOTOS, GUIDE_EPOCHS = 33, 10
"""The guide's final run: 33 photos x 10 repeats x 10 epochs."""

ENOUGH = range(25, 46)
"""Photo counts for which its ten epochs fit: a third more or less."""

FEWEST_EPOCHS, MOST_EPOCHS = 4, 30
"""Ours: fewer leave nothing to choose from, more of the same photos are learnt by heart."""

FEW_PHOTOS = 10
"""Below it likeness comes from few poses only: ours."""


@dataclass(frozen=True)
class Defaults:
    """A recipe with changes.

    Attributes:
        recipe: name of a preset.
        changes: settings that differ from it.
        reasons: one sentence for each choice.
    """

    recipe: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


def choose_defaults(family: Family, photos: int, free_vram_mb: int | None) -> Defaults:
    """Choose for a checkpoint, a dataset and a card.

    Args:
        family: of the base checkpoint.
        photos: different pictures, not counting repeats.
        free_vram_mb: MiB that are free on the card; 0 for no card, None when not known.
    """
    recipe, changes, reasons = _by_memory(family, free_vram_mb)
    epochs = _epochs(photos)
    if epochs != GUIDE_EPOCHS:
        changes = {**changes, "max_train_epochs": epochs}
        changes["save_every_n_epochs"] = max(1, epochs // 10)
        reasons.append(
            f"{counted(epochs, 'epoch')}: with {counted(photos, 'photo')} that shows about "
            "as many pictures as the "
            f"guide's {GUIDE_EPOCHS} epochs of {GUIDE_PHOTOS} photos."
        )
    if 0 < photos < FEW_PHOTOS:
        reasons.append(
            f"{counted(photos, 'photo is')} few: what they have in common, such as clothes, "
            "is learnt too."
        )
    return Defaults(recipe, changes, tuple(reasons))


def _by_memory(family: Family, free_vram_mb: int | None) -> tuple[str, dict[str, Any], list[str]]:
    name = "sdxl" if family is Family.SDXL else "guide-final"
    reasons = [f"{name}, since the base checkpoint is {family.name} and the guide ends with it."]
    if free_vram_mb == 0:
        slow = "There is no graphics card: in 32 bit, and at a smaller size so that it ends today."
        changes = {"mixed_precision": "no", "save_precision": "fp16", "resolution": "512,512"}
        return name, {**changes, "full_bf16": False}, [*reasons, slow]
    if free_vram_mb is None:
        return name, {}, [*reasons, "How much memory the card has free is not known."]
    settings = settings_from(load_recipe(name).values)
    if vram_mb(settings, family) <= free_vram_mb:
        fits = f"It takes about {vram_mb(settings, family) / 1024:.1f} GB of the card's memory"
        return name, {}, [*reasons, f"{fits}, and {free_vram_mb / 1024:.1f} are free."]
    return _smaller(family, settings, free_vram_mb)


def _smaller(
    family: Family, settings: Settings, free_vram_mb: int
) -> tuple[str, dict[str, Any], list[str]]:
    free = f"{free_vram_mb / 1024:.1f} GB of the card's memory are free"
    if family is Family.SD15:
        low = settings_from(load_recipe("low-vram").values)
        reasons = [f"low-vram, since only {free}."]
        if vram_mb(low, family) > free_vram_mb:
            reasons.append(f"Even it takes about {vram_mb(low, family) / 1024:.1f} GB.")
        return "low-vram", {}, reasons
    changes: dict[str, Any] = {}
    for changes in _savings():
        if vram_mb(replace(settings, **changes), family) <= free_vram_mb:
            break
    named = ", ".join(f"{option} {value}" for option, value in changes.items())
    reasons = ["sdxl, since the base checkpoint is SDXL.", f"{named}, since only {free}."]
    needed = vram_mb(replace(settings, **changes), family)
    if needed > free_vram_mb:
        reasons.append(f"Even so it takes about {needed / 1024:.1f} GB: an SD1.5 base fits better.")
    return "sdxl", changes, reasons


def _savings() -> Iterator[dict[str, Any]]:
    batch: dict[str, Any] = {"train_batch_size": 1, "gradient_accumulation_steps": 5}
    yield {"train_batch_size": 2, "gradient_accumulation_steps": 2}
    yield batch
    yield {**batch, "network_dim": 64}
    yield {**batch, "network_dim": 32}
    yield {**batch, "network_dim": 32, "resolution": "768,768"}


def _epochs(photos: int) -> int:
    if photos < 1 or photos in ENOUGH:
        return GUIDE_EPOCHS
    wanted = round(GUIDE_PHOTOS * GUIDE_EPOCHS / photos)
    return min(MOST_EPOCHS, max(FEWEST_EPOCHS, wanted))
