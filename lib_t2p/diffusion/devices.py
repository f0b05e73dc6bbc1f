"""Which device paints."""

from __future__ import annotations

import torch


def best_device() -> tuple[str, torch.dtype]:
    """The device that paints fastest here, and the number format that is safe on it."""
    if torch.cuda.is_available():
        return "cuda", torch.float16
    if torch.backends.mps.is_available():
        return "mps", torch.float32
    return "cpu", torch.float32
