"""Number formats of a training."""

from __future__ import annotations

from typing import Any

import torch

from lib_t2p.settings import Settings

DTYPES = {"no": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


def compute_dtype(settings: Settings) -> torch.dtype:
    """Format of the frozen weights and of the sums in the models."""
    return DTYPES[settings.mixed_precision]


class HalfScaler(torch.amp.GradScaler):
    """Scales the loss so that small gradients survive fp16; also for LoRA weights in fp16."""

    def _unscale_grads_(
        self, optimizer: Any, inv_scale: Any, found_inf: Any, allow_fp16: bool
    ) -> Any:
        # torch refuses fp16 gradients by its last argument, but full_fp16 means just these.
        return super()._unscale_grads_(optimizer, inv_scale, found_inf, True)


def make_scaler(settings: Settings, device: torch.device) -> HalfScaler | None:
    """A scaler for fp16, None for the other formats."""
    return HalfScaler(device.type) if settings.mixed_precision == "fp16" else None
