"""Safetensors files with true headers and no data to speak of: the rest of the file is a hole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Shapes = Mapping[str, tuple[int, ...]]


def write_shapes(path: Path, shapes: Shapes, dtype: str = "F16", **metadata: Any) -> Path:
    """A file of tensors of these shapes, all zeros."""
    width, at = {"F16": 2, "F32": 4, "U8": 1}[dtype], 0
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    for name, shape in shapes.items():
        size = width
        for side in shape:
            size *= side
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    body = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(body).to_bytes(8, "little") + body)
        file.truncate(8 + len(body) + at)
    return path


def kohya(stem: str, taken: int, given: int, rank: int = 4) -> dict[str, tuple[int, ...]]:
    return {
        f"{stem}.alpha": (),
        f"{stem}.lora_down.weight": (rank, taken),
        f"{stem}.lora_up.weight": (given, rank),
    }


def conv(stem: str, taken: int, given: int, rank: int = 4) -> dict[str, tuple[int, ...]]:
    return {
        f"{stem}.lora_down.weight": (rank, taken, 3, 3),
        f"{stem}.lora_up.weight": (given, rank, 1, 1),
    }


def peft(stem: str, taken: int, given: int, rank: int = 4) -> dict[str, tuple[int, ...]]:
    return {f"{stem}.lora_A.weight": (rank, taken), f"{stem}.lora_B.weight": (given, rank)}


def pair(stem: str, middle: str, taken: int, given: int) -> dict[str, tuple[int, ...]]:
    """diffusers' older namings: what stands between the layer and `down`."""
    return {f"{stem}{middle}down.weight": (4, taken), f"{stem}{middle}up.weight": (given, 4)}


def loha(stem: str, taken: int, given: int) -> dict[str, tuple[int, ...]]:
    return {
        f"{stem}.hada_w1_a": (given, 4),
        f"{stem}.hada_w1_b": (4, taken),
        f"{stem}.hada_w2_a": (given, 4),
        f"{stem}.hada_w2_b": (4, taken),
        f"{stem}.alpha": (),
    }


def lokr(stem: str, taken: int, given: int, factor: int = 8) -> dict[str, tuple[int, ...]]:
    return {
        f"{stem}.lokr_w1": (factor, factor),
        f"{stem}.lokr_w2_a": (given // factor, 4),
        f"{stem}.lokr_w2_b": (4, taken // factor),
        f"{stem}.alpha": (),
    }
