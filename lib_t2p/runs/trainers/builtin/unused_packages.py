"""Optional packages that diffusers and transformers would import though training needs none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

PACKAGES = ("peft", "scipy")
"""They cost a fifth of the seconds that importing the models takes: peft is for LoRAs in diffusers'
own format, scipy for object detection and for some samplers."""


def hide() -> None:
    """Let them look absent to what is imported from now on.

    For the trainer's own process only, and only when it draws no samples: what diffusers found
    absent once stays so.
    """
    modules: dict[str, object] = vars(sys)["modules"]
    for name in PACKAGES:
        # Python's own sign of a module that cannot be imported.
        modules.setdefault(name, None)


@contextmanager
def not_distributed() -> Iterator[None]:
    """Let torch look like a build that trains on one device only, while models are imported.

    This trainer is one process on one device. Without it transformers imports what spreads tensors
    over several, and sympy with it: half a second.
    """
    import torch.distributed

    available = torch.distributed.is_available
    torch.distributed.is_available = lambda: False
    try:
        yield
    finally:
        torch.distributed.is_available = available


def show() -> None:
    """Let others import them again."""
    modules: dict[str, object] = vars(sys)["modules"]
    for name in PACKAGES:
        if modules.get(name, name) is None:
            del modules[name]
