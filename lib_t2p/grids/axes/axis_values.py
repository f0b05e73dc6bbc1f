"""Which values an axis of a grid may have, and how people read them."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from lib_t2p.ranges import is_number, said, within

TEXTS = {"checkpoint": "checkpoint", "vae": "VAE", "sampler": "sampler"}
"""Kinds whose values are texts, in words."""
WHOLE: dict[str, tuple[str, int, int]] = {
    "clip_skip": ("clip skip", 1, 12),
    "steps": ("number of steps", 1, 150),
    "prompt": ("prompt number", 1, 9999),
    "seed": ("seed", 0, 2**32 - 1),
}
"""Kinds whose values are whole numbers: words, least and greatest."""
REAL: dict[str, tuple[str, float, float]] = {
    "trigger_weight": ("trigger weight", 0.0, 5.0),
    "cfg": ("CFG scale", 1.0, 30.0),
    "denoising": ("denoising strength", 0.0, 1.0),
}
"""Kinds whose values are numbers: words, least and greatest."""
VALUE_KINDS = (*TEXTS, *WHOLE, *REAL)
_LABELS = {"clip_skip": "clip skip", "steps": "steps", "cfg": "CFG", "trigger_weight": "trigger"}


def value_fault(name: str, kind: str, value: object) -> list[str]:
    """Name what is wrong with a value of one of `VALUE_KINDS`; empty when it is fine."""
    if kind in TEXTS:
        fine = isinstance(value, str) and bool(value.strip())
        return (
            [] if fine else [f"axis {name} has the {TEXTS[kind]} {said(value)}, which is no name"]
        )
    words, low, high = WHOLE[kind] if kind in WHOLE else REAL[kind]
    if not is_number(value):
        return [f"axis {name} has the {words} {said(value)}, which is no number"]
    if kind in WHOLE and value != int(value):
        return [f"axis {name} has the {words} {said(value)}, which is no whole number"]
    if not within(value, low, high):
        return [
            f"axis {name} has the {words} {said(value)}: it goes from {low:.10g} to {high:.10g}"
        ]
    return []


def value_label(kind: str, value: str | float) -> str:
    """What stands beside a column or a row of one of `VALUE_KINDS`."""
    if kind == "checkpoint":
        # A grid planned on Windows may be read elsewhere.
        return PureWindowsPath(PurePosixPath(str(value)).name).stem
    if kind == "sampler":
        return str(value)
    if kind == "vae":
        return f"VAE {value}"
    return f"{_LABELS.get(kind, kind)} {value:.10g}"
