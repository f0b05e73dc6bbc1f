"""`name=value` arguments of networks and optimizers, as sd-scripts takes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
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


_NAME = re.compile(r"([A-Za-z_]\w*)\s*=\s*(?!=)")
_BETWEEN = " \t\r\n,;'"
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_NUMBERS = re.compile(r"[(\[]\s*([-+.\w]+(?:\s*,\s*[-+.\w]+)+)\s*,?\s*[)\]]")


def argument_texts(text: str, *, one: bool = False) -> list[str]:
    """Part a text of arguments as people write it: `name=value` each, as sd-scripts wants them.

    Spaces around `=` and within brackets, commas between arguments and quotes around them are
    taken away; brackets around numbers are too, so that `betas=(0.9, 0.99)` is `betas=0.9,0.99`.
    A word that belongs to no name stays one of its own.

    Args:
        text: of one or more arguments.
        one: it stands for a single argument where it names no more, so that spaces in its value
            part nothing, as in a path.
    """
    text = text.replace('"', "").strip()
    pieces = []
    starts = _starts(text)
    for at, end in zip([0, *starts], [*starts, len(text)], strict=True):
        pieces += _piece(text[at:end], whole=one and len(starts) < 2)
    return pieces


def _starts(text: str) -> list[int]:
    """Where a `name=` begins outside of brackets, behind a space, comma or quote."""
    found, depth, at = [], 0, 0
    while at < len(text):
        free = depth == 0 and (at == 0 or text[at - 1] in _BETWEEN)
        if free and (name := _NAME.match(text, at)):
            found.append(at)
            at = name.end()
            continue
        depth = max(depth + _BRACKETS.get(text[at], 0), 0)
        at += 1
    return found


def _piece(text: str, *, whole: bool) -> list[str]:
    """One argument, and the stray words behind it."""
    text, whole_text = text.strip(_BETWEEN), text.strip(_BETWEEN.replace("'", ""))
    name = _NAME.match(text)
    if name is None:
        return [word for word in re.split(r"[\s,;]+", text) if word]
    value = text[name.end() :]
    if value.startswith("'") and whole_text.endswith("'"):
        # Quotes around a value alone make it a text.
        value += "'"
    numbers = _NUMBERS.fullmatch(value)
    value = re.sub(r"\s*,\s*", ",", numbers[1] if numbers else value)
    value = re.sub(r"(?<=[(\[{])\s+|\s+(?=[)\]}])", "", value)
    words = [value] if whole or _is_bracketed(value) else value.split()
    return [f"{name[1]}={words[0] if words else ''}", *words[1:]]


def _is_bracketed(value: str) -> bool:
    return value[:1] in ("(", "[", "{") and value[-1:] in (")", "]", "}")


def parse_arguments(arguments: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Read `name=value` texts.

    Returns:
        Values by name (Python literals; `inf` is infinity; what is no literal stays a text), and
        a sentence for each that has no name or no value.
    """
    values: dict[str, Any] = {}
    faults = []
    for argument in arguments:
        name, equals, text = (part.strip() for part in argument.partition("="))
        if not equals or not name.isidentifier() or not text:
            faults.append(
                f"{argument!r:.120} is not of the form name=value, such as weight_decay=0.2 or "
                "betas=0.9,0.99"
            )
            continue
        values[name] = text if name in BLOCK_ARGUMENTS else _literal(text)
    return values, faults


def _literal(text: str) -> Any:
    if text.lower() in ("inf", "float('inf')", 'float("inf")'):
        return float("inf")
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return text


def number_of(values: Mapping[str, Any], name: str, default: float) -> float:
    """A number among parsed arguments; the default for nothing, 0 and what is no number."""
    value = values.get(name)
    return float(value) if isinstance(value, (int, float)) and value else default


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
                    f"{option}: betas must be two numbers from 0 to below 1, such as betas=0.9,0.99"
                )
        elif not isinstance(value, (bool, int, float, type(None))):
            named.append(f"{option}: {name}={value!r:.60} is no number, True or False")
        elif name.startswith("conv_dim") and (not isinstance(value, int) or value < 1):
            named.append(f"{option}: conv_dim must be a whole number from 1")
    return named


def literal_faults(option: str, arguments: Sequence[str]) -> list[str]:
    """Name the arguments whose values are no Python literals, which is all that sd-scripts reads.

    For optimizers and schedulers whose arguments are not known here.
    """
    values, faults = parse_arguments(arguments)
    texts = {part.partition("=")[2].strip() for part in arguments}
    return [f"{option}: {fault}" for fault in faults] + [
        f"{option}: {name}={value:.60} is no number, True or False; a text stands in quotes"
        for name, value in values.items()
        if isinstance(value, str) and value in texts and name not in BLOCK_ARGUMENTS
    ]


def _betas(value: object) -> bool:
    numbers = value if isinstance(value, (tuple, list)) else ()
    return len(numbers) == 2 and all(isinstance(n, (int, float)) and 0 <= n < 1 for n in numbers)
