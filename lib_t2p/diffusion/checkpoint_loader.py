"""Loading a base checkpoint, a diffusers folder or a `.safetensors` file; never from a hub."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.diffusion.families import Family, recognise
from lib_t2p.diffusion.tensor_file import TensorFile
from lib_t2p.errors import CheckpointError

os.environ.setdefault("HF_HUB_OFFLINE", "1")


def load_checkpoint(
    path: Path,
    *,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
    with_decoder: bool = True,
    file: TensorFile | None = None,
) -> Checkpoint:
    """Load a checkpoint without any network access.

    Args:
        path: a diffusers folder, or an SD1.5 or SDXL `.safetensors` file.
        device: where all parts are put.
        dtype: of U-Net and text encoders.
        with_decoder: without, a single file's VAE can only encode and takes less memory.
        file: of `single_file_parts.read_ahead`, when the single file is being read already.

    Raises:
        CheckpointError: see `recognise`; or a part is missing, damaged or of the wrong shape.
        SetupError: CLIP's vocabulary, which single files need, is not installed.
    """
    path = Path(path)
    family = recognise(path)
    # Imported here: each takes about a second, which a refused checkpoint need not wait for.
    if path.is_dir():
        from lib_t2p.diffusion.folder import load_folder

        loaded = load_folder(path, family, dtype)
    else:
        from lib_t2p.diffusion.single_file import load_single_file

        loaded = load_single_file(path, family, dtype, file=file, with_decoder=with_decoder)
    vae_dtype = torch.float32 if dtype == torch.float16 else dtype
    _place(loaded.vae, device, vae_dtype)
    for model in (loaded.unet, *loaded.text_encoders):
        _place(model, device, dtype)
    if len(loaded.text_encoders) != (2 if family is Family.SDXL else 1):
        raise CheckpointError(f"{path} lacks a text encoder: copy the checkpoint again.")
    return loaded


def _place(model: Any, device: str | torch.device, dtype: torch.dtype) -> None:
    model.to(device=device, dtype=dtype)
    model.eval()
    model.requires_grad_(False)
