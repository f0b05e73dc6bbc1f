"""The loaded parts of a base checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from lib_t2p.diffusion.families import Family


@dataclass(frozen=True)
class Checkpoint:
    """The loaded parts of a base checkpoint, in evaluation mode and without gradients.

    Attributes:
        family: SD15 (also for the tiny base) or SDXL.
        unet: diffusers' UNet2DConditionModel.
        vae: diffusers' AutoencoderKL; float32 when float16 was asked for, since SDXL's overflows.
        text_encoders: one CLIPTextModel; for SDXL a CLIPTextModelWithProjection as well.
        tokenizers: one CLIPTokenizer per text encoder.
        scheduler_config: betas and prediction type, as diffusers' schedulers take them.
        path: of the file or folder.
    """

    family: Family
    unet: Any
    vae: Any
    text_encoders: tuple[Any, ...]
    tokenizers: tuple[Any, ...]
    scheduler_config: dict[str, Any]
    path: Path

    @property
    def latent_factor(self) -> int:
        """Pixels along one side of a latent cell: 8 for SD1.5 and SDXL, 4 for the tiny base."""
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))

    @property
    def device(self) -> torch.device:
        """Where the U-Net lies."""
        device: torch.device = next(self.unet.parameters()).device
        return device

    @property
    def dtype(self) -> torch.dtype:
        """Number format of the U-Net."""
        dtype: torch.dtype = next(self.unet.parameters()).dtype
        return dtype
