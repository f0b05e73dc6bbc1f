"""Loading a base checkpoint, a diffusers folder or a `.safetensors` file; never from a hub."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors import SafetensorError
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.diffusion.families import Family, read_json, recognise
from lib_t2p.diffusion.tensor_file import TensorFile
from lib_t2p.errors import CheckpointError


def load_folder(path: Path, family: Family, dtype: torch.dtype) -> Checkpoint:
    """Load all parts of a diffusers folder; arguments and errors as `load_checkpoint`."""
    encoders = [_part(CLIPTextModel, path, "text_encoder", dtype)]
    tokenizers = [_part(CLIPTokenizer, path, "tokenizer", None)]
    if family is Family.SDXL:
        encoders.append(_part(CLIPTextModelWithProjection, path, "text_encoder_2", dtype))
        tokenizers.append(_part(CLIPTokenizer, path, "tokenizer_2", None))
    return Checkpoint(
        family=family,
        unet=_part(UNet2DConditionModel, path, "unet", dtype),
        vae=_part(AutoencoderKL, path, "vae", dtype),
        text_encoders=tuple(encoders),
        tokenizers=tuple(tokenizers),
        scheduler_config=read_json(path, "scheduler/scheduler_config.json"),
        path=path,
    )


def _part(kind: Any, path: Path, name: str, dtype: torch.dtype | None) -> Any:
    options: dict[str, Any] = {"subfolder": name, "local_files_only": True}
    if dtype is not None:
        key = "torch_dtype" if kind in (UNet2DConditionModel, AutoencoderKL) else "dtype"
        options |= {key: dtype, "use_safetensors": True, "variant": _variant(path / name)}
    try:
        return kind.from_pretrained(str(path), **options)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, SafetensorError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CheckpointError(
            f"{path / name} cannot be loaded ({reason.rstrip('.')}): copy the checkpoint again."
        ) from error


def _variant(folder: Path) -> str | None:
    """Some folders hold float16 files only, which diffusers finds when told so."""
    names = [file.name for file in folder.glob("*.safetensors")]
    plain = [name for name in names if ".fp16" not in name]
    return "fp16" if names and not plain else None


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
        from lib_t2p.diffusion.checkpoint_loader import load_folder

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
