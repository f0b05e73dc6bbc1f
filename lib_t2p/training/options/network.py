"""What is trained."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.training.options.option import option


@dataclass(frozen=True)
class NetworkOptions:
    """Shape of the LoRA."""

    network_dim: int = option(
        4,
        "Network rank",
        "Rank of the LoRA: more can hold more detail, in a larger file.",
        minimum=1,
        maximum=1024,
        level="simple",
    )
    network_alpha: float = option(
        1.0,
        "Network alpha",
        "The LoRA's output is scaled by alpha / rank; 1 keeps updates small.",
        minimum=0.0,
        maximum=1024.0,
        level="simple",
    )
    network_args: tuple[str, ...] = option(
        (),
        "Network arguments",
        "`name=value` each. conv_dim=N and conv_alpha=N also train the 3x3 convolutions.",
    )
    network_train_unet_only: bool = option(
        False, "Train the U-Net only", "Leave the text encoder as it is.", level="simple"
    )
    network_train_text_encoder_only: bool = option(
        False, "Train the text encoder only", "Leave the U-Net as it is."
    )
    network_weights: str = option(
        "",
        "Start from a LoRA",
        "Path of a LoRA of the same shape, whose weights training goes on with.",
    )
    training_comment: str = option(
        "", "Comment", "A note that is written into the LoRA's metadata."
    )
    metadata_title: str = option(
        "", "Title", "Title in the LoRA's metadata; the file's name when empty."
    )
    metadata_author: str = option("", "Author", "Author in the LoRA's metadata.")
    no_metadata: bool = option(
        False, "Leave out metadata", "Write only what a WebUI needs to tell the LoRA's family."
    )
