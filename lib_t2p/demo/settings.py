"""What the demo trains and draws: sized for two CPU cores."""

from __future__ import annotations

from pathlib import Path

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
WEIGHTS = (0.6, 0.8, 1.0)
PROMPTS = ("photo of {trigger} woman", "portrait photo of {trigger} woman, smiling")
SEEDS = (11, 12, 13, 14)
STEPS = 20
CFG_SCALE = 2.0
SAMPLER = "Euler"
EPOCHS_SHOWN = 3
"""Saved models in the grid: the first, the middle and the last epoch."""
