"""When samples are drawn; imports no torch."""

from __future__ import annotations

from lib_t2p.settings import Settings


def draws_samples(settings: Settings) -> bool:
    """Whether a training draws any sample image."""
    often = settings.sample_every_n_epochs or settings.sample_at_first
    return bool(settings.sample_prompts and often)
