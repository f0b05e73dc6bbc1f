"""Which family a checkpoint belongs to, read from its header or its folder, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Literal

from lib_t2p.errors import CheckpointError, LoraError
from lib_t2p.json_io import loads
from lib_t2p.lora import AGAIN, HeaderError, LoraHeader, TensorInfo, read_header, recognise_lora
from lib_t2p.lora import PARTS as _PARTS

UNET = "model.diffusion_model."
"""Prefix of the U-Net's tensors in a single file."""

_INPUT = UNET + "input_blocks.0.0.weight"
_CONTEXT = (
    UNET + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight",
    UNET + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight",
)
_PICKLES = {".ckpt", ".pt", ".pth", ".bin", ".pkl"}
_USE = "use an SD1.5 or SDXL base checkpoint"


class Family(str, Enum):
    """The two families that can be trained and painted."""

    SD15 = "sd15"
    SDXL = "sdxl"

    @property
    def key_names(self) -> Literal["sd15", "sdxl"]:
        """Name under which `lib_t2p.lora.keys` knows the family."""
        return "sd15" if self is Family.SD15 else "sdxl"


def recognise(path: Path) -> Family:
    """Tell the family of a `.safetensors` file or of a diffusers folder.

    Raises:
        CheckpointError: missing, damaged, pickled, no checkpoint, or of another family; one
            sentence with the reason and what to do.
    """
    if path.is_dir():
        return _from_folder(path)
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint at {path}: check the path.")
    if path.suffix.lower() in _PICKLES:
        raise CheckpointError(
            f"{path} is a pickled checkpoint, which can run programs when it is opened: "
            "take the .safetensors version of it."
        )
    if path.suffix.lower() != ".safetensors":
        raise CheckpointError(f"{path} is no .safetensors file: {_USE} in that format.")
    return _from_tensors(path, checkpoint_tensors(path))


def checkpoint_tensors(path: Path) -> dict[str, TensorInfo]:
    """Read the tensors' names and shapes; `CheckpointError` when the file is damaged."""
    try:
        return read_header(path).tensors
    except HeaderError as error:
        advice = "download the checkpoint again" if error.advice == AGAIN else error.advice
        raise CheckpointError(f"{path} {error.reason}: {advice}.") from error
    except LoraError as error:
        raise CheckpointError(str(error)) from error


def _from_tensors(path: Path, tensors: Mapping[str, TensorInfo]) -> Family:
    foreign = _foreign_kind(tensors)
    if foreign:
        raise CheckpointError(f"{path} is {foreign}: {_USE}.")
    channels = _shape(tensors, _INPUT)[1:2]
    if channels == (9,):
        raise CheckpointError(f"{path} is an inpainting checkpoint (9 input channels): {_USE}.")
    if channels != (4,):
        raise CheckpointError(
            f"{path} takes {channels[0] if channels else 'no'} latent channels instead of 4, as "
            f"checkpoints for editing pictures do: {_USE}."
        )
    return _by_context(path, next((_shape(tensors, k)[1:2] for k in _CONTEXT if k in tensors), ()))


def _foreign_kind(tensors: Mapping[str, TensorInfo]) -> str:
    """What a file is that is no checkpoint of these families; empty when it may be one."""
    told = recognise_lora(LoraHeader({}, dict(tensors)))
    if told.kind or _any(tensors, ".lora_", ".lora.", ".hada_", ".lokr_"):
        return "a LoRA and no checkpoint"
    if _any(tensors, "joint_blocks."):
        return "an SD3 checkpoint, a family that is not supported"
    if _any(tensors, "double_blocks."):
        return "a Flux checkpoint, a family that is not supported"
    if _INPUT in tensors:
        return ""
    if told.instead == "a checkpoint":
        return "a checkpoint of a family that is not supported"
    if told.instead in _PARTS:
        return f"one part ({told.instead}) and no whole checkpoint"
    return f"{told.instead} and no checkpoint" if told.instead else "no Stable Diffusion checkpoint"


def _any(tensors: Mapping[str, TensorInfo], *marks: str) -> bool:
    return any(mark in name for name in tensors for mark in marks)


def _shape(tensors: Mapping[str, TensorInfo], name: str) -> tuple[int, ...]:
    return tensors[name].shape if name in tensors else ()


def _by_context(path: Path, width: tuple[int, ...]) -> Family:
    known: dict[tuple[int, ...], Family] = {(768,): Family.SD15, (2048,): Family.SDXL}
    if width in known:
        return known[width]
    names: dict[tuple[int, ...], str] = {(1024,): "an SD2 checkpoint", (1280,): "an SDXL refiner"}
    kind = names.get(width, "of an unknown family")
    raise CheckpointError(f"{path} is {kind}, which is not supported: {_USE}.")


def _from_folder(path: Path) -> Family:
    index = read_json(path, "model_index.json")
    unet = read_json(path, "unet/config.json")
    pipeline = str(index.get("_class_name", ""))
    channels = unet.get("in_channels", 4)
    if channels != 4:
        kind = "an inpainting checkpoint" if channels == 9 else "no text-to-image checkpoint"
        raise CheckpointError(f"{path} is {kind} ({channels} input channels): {_USE}.")
    if not pipeline.startswith("StableDiffusion") or pipeline.startswith("StableDiffusion3"):
        raise CheckpointError(f"{path} is made for {pipeline or 'nothing known'}: {_USE}.")
    if unet.get("addition_embed_type") == "text_time":
        if "text_encoder" not in index or index["text_encoder"] in (None, [None, None]):
            raise CheckpointError(f"{path} is an SDXL refiner, which is not supported: {_USE}.")
        return Family.SDXL
    if unet.get("cross_attention_dim") == 1024:
        raise CheckpointError(f"{path} is an SD2 checkpoint, which is not supported: {_USE}.")
    return Family.SD15


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """Read a JSON object of a diffusers folder; `CheckpointError` when missing or damaged."""
    try:
        body = loads((folder / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(
            f"{folder} is no diffusers checkpoint, {name} is missing: name the folder that holds "
            "model_index.json, or a .safetensors file."
        ) from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{folder / name} is damaged: copy the checkpoint again.") from error
    if not isinstance(body, dict):
        raise CheckpointError(f"{folder / name} is damaged: copy the checkpoint again.")
    return body
