"""The LoRA inside the models, and its weights under kohya's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lib_t2p.errors import LoraError
from lib_t2p.lora import ALPHA, DOWN, UP, FamilyName, text_encoder_targets, unet_targets
from lib_t2p.runs.trainers.builtin.lora_layers import LoraLayer, lora_layer
from lib_t2p.settings import Settings


@dataclass(frozen=True)
class Adapter:
    """One LoRA module.

    Attributes:
        stem: kohya's name of the module.
        layer: what stands in the model.
    """

    stem: str
    layer: LoraLayer

    @property
    def alpha(self) -> float:
        """Scale is alpha / rank."""
        return self.layer.alpha

    @property
    def down(self) -> nn.Parameter:
        """(rank, in) or (rank, in, k, k)."""
        return self.layer.down

    @property
    def up(self) -> nn.Parameter:
        """(out, rank) or (out, rank, 1, 1)."""
        return self.layer.up


@dataclass(frozen=True)
class AdapterNetwork:
    """All LoRA modules of a training.

    Attributes:
        text: those of the text encoders, empty when they are not trained.
        unet: those of the U-Net.
    """

    text: tuple[Adapter, ...]
    unet: tuple[Adapter, ...]

    @property
    def adapters(self) -> tuple[Adapter, ...]:
        """Text encoders first, as in kohya's files."""
        return self.text + self.unet

    def parameters(self) -> list[nn.Parameter]:
        """Everything that is trained."""
        return [p for a in self.adapters for p in (a.down, a.up)]

    @torch.no_grad()
    def limit_norms(self, largest: float) -> None:
        """Scale modules down whose change of the weight has a norm above `largest`.

        Source: `apply_max_norm_regularization` in networks/lora.py of kohya-ss/sd-scripts.
        """
        for adapter in self.adapters:
            down, up = adapter.down.flatten(1).float(), adapter.up.flatten(1).float()
            # |up @ down|^2 = trace(up' up down down'), without the whole product.
            square = ((up.t() @ up) * (down @ down.t())).sum()
            norm = adapter.layer.scale * float(square.clamp(min=0)) ** 0.5
            if norm > largest:
                factor = (largest / norm) ** 0.5
                adapter.down.mul_(factor)
                adapter.up.mul_(factor)

    def tensors(self) -> dict[str, Tensor]:
        """The weights under kohya's names; not copied."""
        tensors: dict[str, Tensor] = {}
        for adapter in self.adapters:
            tensors[adapter.stem + ALPHA] = torch.tensor(adapter.alpha)
            tensors[adapter.stem + DOWN] = adapter.down.detach()
            tensors[adapter.stem + UP] = adapter.up.detach()
        return tensors

    def load(self, tensors: Mapping[str, Tensor], source: str) -> None:
        """Take over weights.

        Raises:
            LoraError: a weight is missing or has another shape; `source` names the file.
        """
        for adapter in self.adapters:
            for key, weight in ((DOWN, adapter.down), (UP, adapter.up)):
                given = tensors.get(adapter.stem + key)
                if given is None or given.shape != weight.shape:
                    wanted = tuple(weight.shape)
                    raise LoraError(
                        f"{source} does not fit: {adapter.stem + key} must have shape {wanted}."
                    )
                weight.data.copy_(given)


def add_network(
    family: FamilyName, unet: nn.Module, text_encoders: list[nn.Module], settings: Settings
) -> AdapterNetwork:
    """Freeze the models and put a LoRA into them, as the settings say.

    The first weights are drawn from torch's global generator.
    """
    for model in (unet, *text_encoders):
        model.requires_grad_(False)
    text: list[Adapter] = []
    if settings.trains_text_encoder:
        for number, encoder in enumerate(text_encoders, 1):
            targets = text_encoder_targets(_leaves(encoder), family, number)
            text += _inject(encoder, targets, {}, settings)
    unet_adapters: list[Adapter] = []
    if settings.trains_unet:
        named = unet_targets(_leaves(unet), family)
        convolution = named.convolution if settings.conv_dim else {}
        unet_adapters = _inject(unet, named.attention, convolution, settings)
    return AdapterNetwork(tuple(text), tuple(unet_adapters))


def _inject(
    model: nn.Module,
    targets: Mapping[str, str],
    convolution: Mapping[str, str],
    settings: Settings,
) -> list[Adapter]:
    adapters = []
    for stem, name in {**targets, **convolution}.items():
        base = model.get_submodule(name)
        if not isinstance(base, (nn.Linear, nn.Conv2d)):
            raise LoraError(f"{name} of the checkpoint can carry no LoRA: choose another base.")
        rank, alpha = settings.network_dim, settings.network_alpha
        if isinstance(base, nn.Conv2d) and set(base.kernel_size) != {1}:
            rank, alpha = settings.conv_dim or rank, settings.conv_alpha
        layer = lora_layer(base, rank=rank, alpha=alpha or rank, dtype=_adapter_dtype(settings))
        layer.dropout = settings.network_dropout or 0.0
        parent, _, last = name.rpartition(".")
        setattr(model.get_submodule(parent), last, layer)
        adapters.append(Adapter(stem, layer))
    return adapters


def _adapter_dtype(settings: Settings) -> torch.dtype:
    if settings.full_fp16:
        return torch.float16
    return torch.bfloat16 if settings.full_bf16 else torch.float32


def _leaves(model: nn.Module) -> list[str]:
    kinds = (nn.Linear, nn.Conv2d)
    return [name for name, module in model.named_modules() if isinstance(module, kinds)]
