"""What a grid varies: saved models, LoRA weights and how they are painted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from lib_t2p.grids.axes.axis_values import VALUE_KINDS, value_fault
from lib_t2p.ranges import said, within

AxisKind = Literal[
    "saved_model",
    "lora_weight",
    "checkpoint",
    "vae",
    "clip_skip",
    "trigger_weight",
    "cfg",
    "sampler",
    "steps",
    "denoising",
    "prompt",
    "seed",
]
AXIS_KINDS: tuple[str, ...] = get_args(AxisKind)
POINT_KINDS: tuple[AxisKind, ...] = (
    "checkpoint",
    "vae",
    "clip_skip",
    "trigger_weight",
    "cfg",
    "sampler",
    "steps",
    "denoising",
)
"""Kinds that change how a picture is painted, the slowest to change first."""
PLACING_KINDS: tuple[AxisKind, ...] = ("prompt", "seed")
"""Kinds that spread the prompts or seeds of the plan over columns or rows."""
MAX_WEIGHT = 5.0
"""Largest absolute LoRA weight a grid may ask for."""

_NO_STEM = re.compile(r"[<>:,\r\n]")


@dataclass(frozen=True)
class GridModel:
    """A saved model under test.

    Attributes:
        path: the LoRA file.
        stem: its name in `<lora:stem:weight>`, unique below the LoRA folder.
        label: what people read; the stem when empty.
        run: folder name of the run that made it.
        epoch: counted from 1; 0 when it is not known.
    """

    path: Path
    stem: str
    label: str = ""
    run: str = ""
    epoch: int = 0

    @property
    def title(self) -> str:
        """What people read."""
        return self.label or self.stem


@dataclass(frozen=True)
class Axis:
    """One direction of a grid.

    Attributes:
        kind: what varies along it.
        values: in drawing order; stems for `saved_model`, texts for `checkpoint`, `vae` and
            `sampler`, prompt numbers counted from 1 for `prompt`, finite numbers for all others.
    """

    kind: AxisKind
    values: tuple[str | float, ...]


def weights_of(axis: Axis) -> tuple[float, ...]:
    """The values of a `lora_weight` axis as numbers."""
    return tuple(float(cast(float, value)) for value in axis.values)


def model_faults(models: Sequence[GridModel]) -> list[str]:
    """Name every fault of the saved models."""
    faults = [] if models else ["no saved model is chosen: choose at least one"]
    stems = [model.stem for model in models]
    for stem in stems:
        if not stem.strip() or _NO_STEM.search(stem):
            faults.append(f"the saved model name {stem!r} cannot stand in a <lora:name:weight> tag")
    faults += [f"the saved model {stem!r} is chosen twice" for stem in _repeated(stems)]
    return faults


def axis_faults(name: str, axis: Axis, stems: Sequence[str]) -> list[str]:
    """Name every fault of one axis; `stems` are the saved models of the plan."""
    if axis.kind not in AXIS_KINDS:
        known = ", ".join(AXIS_KINDS)
        return [f"axis {name} is of the unknown kind {axis.kind!r}: choose one of {known}"]
    faults = [] if axis.values else [f"axis {name} has no values"]
    for value in axis.values:
        if axis.kind == "lora_weight":
            faults += _weight_faults(name, value)
        elif axis.kind in VALUE_KINDS:
            faults += value_fault(name, axis.kind, value)
        elif value not in stems:
            faults.append(f"axis {name} names {value!r}, which is not one of the saved models")
    faults += [f"axis {name} names {value!r} twice" for value in _repeated(axis.values)]
    return faults


def _weight_faults(name: str, value: object) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return [f"axis {name} has the LoRA weight {said(value)}, which is no number"]
    if not within(value, -MAX_WEIGHT, MAX_WEIGHT):
        limit = f"{-MAX_WEIGHT:g} to {MAX_WEIGHT:g}"
        return [f"axis {name} has the LoRA weight {said(value)}: weights go from {limit}"]
    return []


def _repeated(values: Sequence[str | float]) -> list[str | float]:
    return [value for n, value in enumerate(values) if value in values[:n]]
