"""Loading a diffusers folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors import SafetensorError
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.diffusion.families import Family, read_json
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
