"""What the demo trains and draws: sized for two CPU cores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lib_t2p.dataset import Framing

BASE = Path(__file__).resolve().parent / "tiny_base"
"""The tiny base checkpoint that lies in the repository."""
PERSON = "NASA portrait"
TRIGGER = "nsprt"
CLASS_WORD = "woman"
CONSENT = (
    "NASA's official portrait of astronaut Eileen Collins, a work of the United States government "
    "in the public domain, used as a demonstration."
)
RECIPE = "demo"
PIXELS = 96
"""Side of the training and grid pictures; the tiny base was trained at it."""
FRAMING: Framing = "face"
SAMPLER = "Euler"


@dataclass(frozen=True)
class DemoSize:
    """How much the demo trains and draws.

    Attributes:
        repeats: of each photo in an epoch.
        overrides: settings that differ from the recipe.
        weights: LoRA weights of the grid's columns.
        prompts: with `{trigger}`.
        seeds: each prompt is painted with each.
        steps: sampling steps.
        cfg_scale: guidance.
        epochs_shown: saved models in the grid, spread from the first to the last.
    """

    repeats: int = 10
    overrides: Mapping[str, Any] = field(default_factory=dict)
    weights: tuple[float, ...] = (0.7, 1.0)
    prompts: tuple[str, ...] = (
        "photo of {trigger} woman",
        "portrait photo of {trigger} woman, smiling",
    )
    seeds: tuple[int, ...] = tuple(range(11, 19))
    steps: int = 20
    cfg_scale: float = 2.0
    epochs_shown: int = 3
