"""Listed values of the options that name a piece of code.

sd-scripts imports whatever these options name, so that a dotted path in somebody's file would run
his code; only what sd-scripts handles by name or finds in PyTorch is listed. From
library/train_util.py and networks/ of the tags.
"""

from __future__ import annotations

from lib_t2p.settings.options.option import MIDDLE, OLDEST, SD_SCRIPTS

BUILTIN_OPTIMIZERS = ("AdamW", "DAdaptAdam", "Prodigy")
BUILTIN_SCHEDULERS = (
    "constant",
    "constant_with_warmup",
    "linear",
    "cosine",
    "cosine_with_restarts",
    "polynomial",
)
BUILTIN_SAMPLERS = ("ddim", "pndm", "lms", "euler", "euler_a", "heun", "dpmsolver++")
BUILTIN_NETWORKS = ("networks.lora",)

_OPTIMIZERS = (
    *BUILTIN_OPTIMIZERS,
    "AdamW8bit",
    "PagedAdamW",
    "PagedAdamW8bit",
    "PagedAdamW32bit",
    "Lion",
    "Lion8bit",
    "PagedLion8bit",
    "SGDNesterov",
    "SGDNesterov8bit",
    "DAdaptation",
    "DAdaptAdamPreprint",
    "DAdaptAdaGrad",
    "DAdaptAdan",
    "DAdaptAdanIP",
    "DAdaptLion",
    "DAdaptSGD",
    "Adafactor",
    "Adam",
    "Adamax",
    "NAdam",
    "RAdam",
    "SGD",
    "bitsandbytes.optim.AdEMAMix8bit",
    "bitsandbytes.optim.PagedAdEMAMix8bit",
)
OPTIMIZERS = (*_OPTIMIZERS, "AdamWScheduleFree", "RAdamScheduleFree", "SGDScheduleFree")
"""Every listed optimizer; schedule-free ones are of v0.10."""
OPTIMIZERS_OF = {OLDEST: _OPTIMIZERS, MIDDLE: _OPTIMIZERS, "builtin": BUILTIN_OPTIMIZERS}

_SCHEDULERS = (*BUILTIN_SCHEDULERS, "piecewise_constant", "adafactor")
SCHEDULERS = (*_SCHEDULERS, "inverse_sqrt", "cosine_with_min_lr", "warmup_stable_decay")
"""Schedules by name; `adafactor` is followed by `:` and the first rate."""
SCHEDULERS_OF = {OLDEST: _SCHEDULERS, "builtin": BUILTIN_SCHEDULERS}

SCHEDULER_TYPES = (
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "PolynomialLR",
    "StepLR",
)
"""Classes of torch.optim.lr_scheduler that take plain numbers."""

_NETWORKS = ("networks.lora", "networks.lora_fa", "networks.dylora", "networks.oft")
NETWORKS = (*_NETWORKS, "networks.loha", "networks.lokr")
"""Modules of sd-scripts' own networks folder that train SD1.5 or SDXL; the last two came after
v0.10.1."""
NETWORKS_OF = {**dict.fromkeys(SD_SCRIPTS, _NETWORKS), "builtin": BUILTIN_NETWORKS}

SAMPLERS = (
    *BUILTIN_SAMPLERS,
    "dpm_2",
    "dpm_2_a",
    "dpmsolver",
    "dpmsingle",
    "k_lms",
    "k_euler",
    "k_euler_a",
    "k_dpm_2",
    "k_dpm_2_a",
)

_LOSSES = ("l2", "huber", "smooth_l1")
LOSSES = ("l1", *_LOSSES)
LOSSES_OF = {OLDEST: _LOSSES, MIDDLE: _LOSSES}

_DYNAMO = (
    "eager",
    "aot_eager",
    "inductor",
    "aot_ts_nvfuser",
    "nvprims_nvfuser",
    "cudagraphs",
    "ofi",
    "fx2trt",
    "onnxrt",
)
DYNAMO = (*_DYNAMO, "tensort", "ipex", "tvm")
DYNAMO_OF = {OLDEST: _DYNAMO, MIDDLE: _DYNAMO}

INTERPOLATIONS = ("lanczos", "nearest", "bilinear", "linear", "bicubic", "cubic", "area")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
