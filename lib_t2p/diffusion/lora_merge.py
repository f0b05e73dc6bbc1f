"""LoRA files merged into a loaded checkpoint, and taken out again exactly.

W += weight * alpha / rank * up @ down, as kohya's format defines it; alpha is the rank when the
file has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from lib_t2p.diffusion.checkpoint import Checkpoint
from lib_t2p.diffusion.lora_files import check_kind
from lib_t2p.errors import LoraError
from lib_t2p.lora import (
    ALPHA,
    DOWN,
    UP,
    FamilyName,
    read_header,
    recognise_lora,
    split_key,
    stems,
    text_encoder_targets,
    unet_targets,
)


class MergedLoras:
    """LoRAs in the weights of a checkpoint; `restore` puts back what was there, bit by bit."""

    def __init__(self, checkpoint: Checkpoint, loras: Sequence[tuple[Path, float]]) -> None:
        """Merge; raises `LoraError` and leaves the checkpoint as it was."""
        self._backup: dict[Any, torch.Tensor] = {}
        modules = lora_modules(checkpoint)
        try:
            for path, weight in loras:
                self._merge(modules, path, weight)
        except LoraError:
            self.restore()
            raise

    def restore(self) -> None:
        """Take all LoRAs out."""
        for module, original in self._backup.items():
            module.weight.data.copy_(original)
        self._backup = {}

    @torch.no_grad()
    def _merge(self, modules: dict[str, Any], path: Path, weight: float) -> None:
        deltas = read_deltas(path, modules)
        for module, delta in deltas:
            if module not in self._backup:
                self._backup[module] = module.weight.data.clone()
            changed = module.weight.data.float() + weight * delta.to(module.weight.device)
            module.weight.data.copy_(changed)


@contextmanager
def merged(checkpoint: Checkpoint, loras: Sequence[tuple[Path, float]]) -> Iterator[None]:
    """Merge LoRAs for the length of a block; a file given twice counts with the sum of weights.

    Raises:
        LoraError: missing, damaged, of another kind, or not made for this checkpoint.
    """
    state = MergedLoras(checkpoint, loras)
    try:
        yield
    finally:
        state.restore()


def lora_modules(checkpoint: Checkpoint) -> dict[str, Any]:
    """Map kohya stems to the modules of a checkpoint that they change."""
    family = checkpoint.family.key_names
    leaves = _leaves(checkpoint.unet)
    found: dict[str, Any] = {}
    # Some SDXL files name the U-Net's blocks as diffusers does, which the WebUI reads as well.
    namings: set[FamilyName] = {"sd15", family}
    for naming in namings:
        targets = unet_targets(leaves, naming).all
        found |= {stem: leaves[name] for stem, name in targets.items()}
    for number, encoder in enumerate(checkpoint.text_encoders, 1):
        leaves = _leaves(encoder)
        named = text_encoder_targets(leaves, family, number)
        found |= {stem: leaves[name] for stem, name in named.items()}
    return found


def read_deltas(path: Path, modules: dict[str, Any]) -> Iterator[tuple[Any, torch.Tensor]]:
    """Read a file and give (module, change of its weight at weight 1, float32) one by one.

    All names and shapes are checked before the first is given.

    Raises:
        LoraError: see `merged`.
    """
    header = read_header(path)
    told = recognise_lora(header)
    if told.kind:
        check_kind(path.name, told)
    _check(path, {name: info.shape for name, info in header.tensors.items()}, modules)
    try:
        tensors = load_file(str(path))
    except (SafetensorError, OSError) as error:
        raise LoraError(f"{path} cannot be read ({error}): copy the file again.") from error
    return _deltas(tensors, modules)


def _leaves(model: Any) -> dict[str, Any]:
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    return {name: module for name, module in model.named_modules() if isinstance(module, kinds)}


def _check(path: Path, shapes: dict[str, tuple[int, ...]], modules: dict[str, Any]) -> None:
    known = [stem for stem in stems(shapes) if stem in modules]
    if not known:
        raise LoraError(
            f"{path.name} holds nothing that fits this checkpoint: it is no LoRA, or made for "
            "another family (SD1.5 or SDXL)."
        )
    lost = [stem for stem in stems(shapes) if stem not in modules and stem + DOWN in shapes]
    if lost:
        raise LoraError(
            f"{path.name} has {len(lost)} parts that this checkpoint lacks, such as {lost[0]}: "
            "use it with the base model that it was trained on."
        )
    for stem in known:
        fault = _shape_fault(stem, shapes, tuple(modules[stem].weight.shape))
        if fault:
            raise LoraError(f"{path.name} does not fit this checkpoint: {fault}.")


def _shape_fault(stem: str, shapes: dict[str, tuple[int, ...]], weight: tuple[int, ...]) -> str:
    down, up = shapes.get(stem + DOWN), shapes.get(stem + UP)
    if not down or not up:
        return f"{stem} has no {'lora_down' if not down else 'lora_up'}"
    inner = _product(weight[1:])
    if _product(down[1:]) != inner or _product(up) != weight[0] * down[0]:
        return (
            f"{stem} has lora_down {list(down)} and lora_up {list(up)}, where the weight is "
            f"{list(weight)}"
        )
    return ""


def _product(sides: Sequence[int]) -> int:
    product = 1
    for side in sides:
        product *= side
    return product


def _deltas(
    tensors: dict[str, torch.Tensor], modules: dict[str, Any]
) -> Iterator[tuple[Any, torch.Tensor]]:
    for key, down in tensors.items():
        stem, rest = split_key(key)
        if rest != DOWN:
            continue
        module, rank = modules[stem], down.shape[0]
        alpha = tensors.get(stem + ALPHA)
        scale = 1.0 if alpha is None else float(alpha) / rank
        flat = tensors[stem + UP].float().reshape(-1, rank) @ down.float().reshape(rank, -1)
        yield module, scale * flat.reshape(module.weight.shape)
