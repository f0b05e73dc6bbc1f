"""Precision and memory."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.training.options.option import option


@dataclass(frozen=True)
class MachineOptions:
    """What makes a training fit into a card and run fast there."""

    mixed_precision: str = option(
        "no",
        "Precision",
        "bf16 needs an RTX 30 or newer; fp16 runs on older cards; no is 32 bit.",
        choices=("no", "fp16", "bf16"),
        level="simple",
    )
    full_fp16: bool = option(
        False,
        "LoRA in fp16 too",
        "Saves memory; with DAdaptAdam the learning rate stays at 1e-6 and nothing is learnt.",
    )
    full_bf16: bool = option(False, "LoRA in bf16 too", "Saves memory at some loss of exactness.")
    gradient_checkpointing: bool = option(
        False, "Gradient checkpointing", "Takes far less memory and some 20 % more time."
    )
    no_half_vae: bool = option(
        False, "VAE in 32 bit", "SDXL's own VAE gives black pictures in fp16."
    )
