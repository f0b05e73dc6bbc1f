"""What is trained."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.settings.options.lists import NETWORKS, NETWORKS_OF
from lib_t2p.settings.options.option import option


@dataclass(frozen=True)
class NetworkOptions:
    """Shape of the LoRA."""

    network_module: str = option(
        "networks.lora",
        "Network module",
        "The kind of LoRA; networks.lora unless given (sd-scripts itself has none).",
        choices=NETWORKS,
        choices_of=NETWORKS_OF,
        original=None,
        builtin=True,
        trust="code",
        gui="LoRA_type",
    )
    network_dim: int = option(
        4,
        "Network rank",
        "Rank of the LoRA: more can hold more detail, in a larger file. 1024 is the most but for "
        "networks of others.",
        minimum=1,
        maximum=100_000,
        level="simple",
        original=None,
        builtin=True,
    )
    network_alpha: float = option(
        1.0,
        "Network alpha",
        "The LoRA's output is scaled by alpha / rank; 1 keeps updates small.",
        minimum=0.0,
        maximum=1024.0,
        level="simple",
        builtin=True,
    )
    network_args: tuple[str, ...] = option(
        (),
        "Network arguments",
        "`name=value` each. conv_dim=N and conv_alpha=N also train the 3x3 convolutions.",
        builtin=True,
        gui="",
    )
    network_train_unet_only: bool = option(
        False,
        "Train the U-Net only",
        "Leave the text encoder as it is.",
        level="simple",
        builtin=True,
        gui="",
    )
    network_train_text_encoder_only: bool = option(
        False, "Train the text encoder only", "Leave the U-Net as it is.", builtin=True, gui=""
    )
    network_dropout: float | None = option(
        None,
        "Network dropout",
        "Share of the LoRA's inner values that are set to 0 at each step.",
        minimum=0.0,
        maximum=1.0,
        builtin=True,
    )
    scale_weight_norms: float | None = option(
        None,
        "Largest weight norm",
        "Weights of the LoRA are scaled down to this norm; 1 is a good start.",
        minimum=0.0,
        maximum=1000.0,
        builtin=True,
    )
    network_weights: str = option(
        "",
        "Start from a LoRA",
        "Path of a LoRA of the same shape, whose weights training goes on with.",
        builtin=True,
        trust="weights",
        path=True,
    )
    dim_from_weights: bool = option(
        False, "Rank of that LoRA", "Take rank and alpha from the LoRA that training starts from."
    )
    base_weights: tuple[str, ...] = option(
        (),
        "LoRAs merged first",
        "Paths of LoRAs that are merged into the checkpoint before training.",
        gui="",
        trust="weights",
        path=True,
    )
    base_weights_multiplier: tuple[float, ...] = option(
        (), "Their weights", "One weight for each merged LoRA; 1 when left out.", gui=""
    )
