"""Which settings ask for a package that an environment of sd-scripts may lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lib_t2p.settings.settings import Settings

_BITSANDBYTES = {
    "adamw8bit": "AdamW",
    "pagedadamw": "AdamW",
    "pagedadamw8bit": "AdamW",
    "pagedadamw32bit": "AdamW",
    "lion8bit": "Lion",
    "pagedlion8bit": "Lion",
    "sgdnesterov8bit": "SGDNesterov",
}
"""Optimizers of bitsandbytes in lower case -> the same one in 32 bit, which needs no package."""

_COMPILERS = {
    "ipex": "intel_extension_for_pytorch",
    "onnxrt": "onnxruntime",
    "tvm": "tvm",
}
_THERE = ("torch", "transformers", "networks", "library", "diffusers", "accelerate")
"""What every environment or checkout of sd-scripts has."""


@dataclass(frozen=True)
class Need:
    """A setting and the module that it needs.

    Attributes:
        setting: as a person reads it, such as `optimizer_type = AdamW8bit`.
        module: top-level name.
        fix: settings that do the same without it; empty when nothing does.
        label: of that fix.
    """

    setting: str
    module: str
    fix: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""


def needs_of(settings: Settings) -> list[Need]:
    """Every module beside torch and its relatives that these settings import.

    Source: `get_optimizer` and `prepare_accelerator` of sd-scripts' `library/train_util.py`.
    """
    found = []
    if settings.xformers:
        fix: dict[str, Any] = {"xformers": False, "sdpa": True}
        found.append(Need("xformers", "xformers", fix, "Use sdpa, PyTorch's own attention"))
    found += _optimizer(settings)
    for name in ("network_module", "lr_scheduler_type"):
        value = getattr(settings, name)
        if "." in value:
            found.append(Need(f"{name} = {value}", value.partition(".")[0]))
    if settings.log_with in ("wandb", "all"):
        fix = {"log_with": None}
        found.append(Need(f"log_with = {settings.log_with}", "wandb", fix, "Use TensorBoard only"))
    if settings.deepspeed:
        found.append(Need("deepspeed", "deepspeed", {"deepspeed": False}, "Train without it"))
    if settings.torch_compile and settings.dynamo_backend in _COMPILERS:
        fix = {"dynamo_backend": "inductor"}
        module = _COMPILERS[settings.dynamo_backend]
        setting = f"dynamo_backend = {settings.dynamo_backend}"
        found.append(Need(setting, module, fix, "Use inductor"))
    return [need for need in found if need.module not in _THERE]


def _optimizer(settings: Settings) -> list[Need]:
    given = settings.optimizer_type
    if settings.use_8bit_adam:
        fix: dict[str, Any] = {"use_8bit_adam": False, "optimizer_type": "AdamW"}
        return [Need("use_8bit_adam", "bitsandbytes", fix, "Use AdamW in 32 bit")]
    if settings.use_lion_optimizer:
        return [Need("use_lion_optimizer", "lion_pytorch")]
    setting, name = f"optimizer_type = {given}", given.lower()
    if name in _BITSANDBYTES:
        other = _BITSANDBYTES[name]
        fix = {"optimizer_type": other}
        return [Need(setting, "bitsandbytes", fix, f"Use {other} in 32 bit")]
    if "." in given:
        return [Need(setting, given.partition(".")[0])]
    modules = {"lion": "lion_pytorch", "prodigy": "prodigyopt"}
    module = modules.get(name, "")
    if name.startswith("dadapt"):
        module = "dadaptation"
    if name.endswith("schedulefree"):
        module = "schedulefree"
    return [Need(setting, module)] if module else []
