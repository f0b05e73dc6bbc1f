"""Which tensors of a single-file checkpoint belong to which part; imports no models."""

from __future__ import annotations

from pathlib import Path

import torch

from lib_t2p.diffusion.families import UNET
from lib_t2p.diffusion.tensor_file import Format, ReadAhead

VAE = "first_stage_model."
SD15_TEXT = "cond_stage_model.transformer."
SDXL_TEXT = "conditioner.embedders.0.transformer."
SDXL_TEXT_2 = "conditioner.embedders.1.model."

DECODER = (VAE + "decoder.", VAE + "post_quant_conv.")


def read_ahead(path: Path, dtype: torch.dtype, *, with_decoder: bool = True) -> ReadAhead:
    """Begin to read what `load_checkpoint` will want of a single file.

    Args:
        dtype: of U-Net and text encoders; the VAE is always read as float32.
        with_decoder: whether the VAE must be able to decode.

    Raises:
        CheckpointError: the file's header is damaged.
    """
    return ReadAhead(path, _formats(dtype, with_decoder))


def _formats(dtype: torch.dtype, with_decoder: bool) -> Format:
    models = (UNET, SD15_TEXT, SDXL_TEXT, SDXL_TEXT_2)

    def wanted(name: str) -> torch.dtype | None:
        if name.startswith(VAE):
            return torch.float32 if with_decoder or not name.startswith(DECODER) else None
        return dtype if name.startswith(models) else None

    return wanted
