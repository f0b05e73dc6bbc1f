"""What the checks need to know of optimizers, by name."""

from __future__ import annotations

from collections.abc import Sequence


def is_adaptive(optimizer_type: str) -> bool:
    """Whether it finds the step size on its own, so that its learning rate is about 1."""
    name = optimizer_type.rpartition(".")[2].lower()
    return name.startswith(("dadapt", "prodigy"))


def moments(optimizer_type: str) -> int:
    """Numbers kept per trained weight: AdamW 2, D-Adaptation 3, Prodigy 4 (from their code)."""
    name = optimizer_type.rpartition(".")[2].lower()
    if "8bit" in name:
        return 1
    kept = {"dadapt": 3, "prodigy": 4, "lion": 1, "sgd": 1, "adafactor": 1}
    return next((count for start, count in kept.items() if name.startswith(start)), 2)


def without_argument(arguments: Sequence[str], name: str) -> tuple[str, ...]:
    """Optimizer arguments `name=value` but those of that name."""
    return tuple(a for a in arguments if a.partition("=")[0].strip() != name)
