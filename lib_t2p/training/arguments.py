"""`name=value` arguments of networks and optimizers, as sd-scripts takes them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

BUILTIN_NETWORK_ARGUMENTS = ("conv_dim", "conv_alpha")
"""What the built-in trainer's LoRA may be given."""

BLOCK_ARGUMENTS = (
    "block_dims",
    "block_alphas",
    "conv_block_dims",
    "conv_block_alphas",
    "down_lr_weight",
    "mid_lr_weight",
    "up_lr_weight",
)
"""Lists by block, or the name of a curve; sd-scripts takes them as texts."""

NETWORK_ARGUMENTS = (
    *BUILTIN_NETWORK_ARGUMENTS,
    *BLOCK_ARGUMENTS,
    "block_lr_zero_threshold",
    "rank_dropout",
    "module_dropout",
    "loraplus_lr_ratio",
    "loraplus_unet_lr_ratio",
    "loraplus_text_encoder_lr_ratio",
)
"""What networks.lora of sd-scripts may be given; loraplus_* came with v0.9.1."""

OPTIMIZER_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "AdamW": ("betas", "eps", "weight_decay", "amsgrad"),
    "DAdaptAdam": (
        "betas",
        "eps",
        "weight_decay",
        "decouple",
        "use_bias_correction",
        "d0",
        "growth_rate",
        "log_every",
    ),
    "Prodigy": (
        "betas",
        "beta3",
        "eps",
        "weight_decay",
        "decouple",
        "use_bias_correction",
        "safeguard_warmup",
        "d0",
        "d_coef",
        "growth_rate",
    ),
}
"""The listed optimizers and what each may be given; nothing else is imported or called."""


def parse_arguments(arguments: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Read `name=value` texts.

    Returns:
        Values by name (Python literals; `inf` is infinity), and a sentence for each that is none.
    """
    values: dict[str, Any] = {}
    faults = []
    for argument in arguments:
        name, equals, text = argument.partition("=")
        try:
            if not equals or not name.strip().isidentifier():
                raise ValueError(argument)
            plain = name.strip() in BLOCK_ARGUMENTS
            values[name.strip()] = text.strip() if plain else _literal(text.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            faults.append(f"{argument!r} is not of the form name=value, such as weight_decay=0.2")
    return values, faults


def _literal(text: str) -> Any:
    if text.lower() in ("inf", "float('inf')", 'float("inf")'):
        return float("inf")
    return ast.literal_eval(text)


def argument_faults(
    option: str, arguments: Sequence[str], known: Sequence[str], owner: str
) -> list[str]:
    """Name what is wrong with the arguments of `owner`, an optimizer or network."""
    values, faults = parse_arguments(arguments)
    named = [f"{option}: {fault}" for fault in faults]
    for name, value in values.items():
        if name not in known:
            named.append(f"{option}: {owner} takes no {name!r}; it takes {', '.join(known)}")
        elif name in BLOCK_ARGUMENTS:
            continue
        elif name == "betas":
            if not _betas(value):
                named.append(
                    f"{option}: betas must be two numbers from 0 to below 1, such as 0.9,0.99"
                )
        elif not isinstance(value, (bool, int, float, type(None))):
            named.append(f"{option}: {name}={value!r} is no number, True or False")
        elif name.startswith("conv_dim") and (not isinstance(value, int) or value < 1):
            named.append(f"{option}: conv_dim must be a whole number from 1")
    return named


def _betas(value: object) -> bool:
    numbers = value if isinstance(value, (tuple, list)) else ()
    return len(numbers) == 2 and all(isinstance(n, (int, float)) and 0 <= n < 1 for n in numbers)
