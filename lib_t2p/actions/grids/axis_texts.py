"""What a person types for the axes of a sweep, and what is offered for those of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib_t2p.errors import FaultsError

WEIGHTS = (0.6, 0.8, 1.0)
"""LoRA weights at which files are compared that were made elsewhere."""

NONE = "none"
"""Typed for an empty value, such as no regularisation images."""


def axes_from(texts: Sequence[str]) -> dict[str, list[Any]]:
    """Read `SETTING=V1,V2`; with a `|` in it, that parts the values.

    Raises:
        FaultsError: every text that has no `=` or no setting.
    """
    axes: dict[str, list[Any]] = {}
    faults = []
    for text in texts:
        name, mark, values = text.partition("=")
        if not mark or not name.strip():
            faults.append(f"{text!r} is not SETTING=VALUE,VALUE")
            continue
        parts = values.split("|" if "|" in values else ",")
        axes.setdefault(name.strip(), []).extend(_value(part.strip()) for part in parts)
    if faults:
        raise FaultsError("What differs", faults)
    return axes


def _value(text: str) -> str:
    return "" if text == NONE else text
