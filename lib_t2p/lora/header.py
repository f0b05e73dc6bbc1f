"""The header of a safetensors file, read without torch and without trusting its sizes.

Source of the format: https://github.com/huggingface/safetensors#format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import LoraError

MAX_HEADER_BYTES = 100_000_000
"""The limit that safetensors itself sets."""

DTYPE_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2,
    "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
}  # fmt: skip


@dataclass(frozen=True)
class TensorInfo:
    """What the header says of one tensor.

    Attributes:
        dtype: safetensors' name, such as `F16`.
        shape: sizes, outermost first; empty for a scalar.
        begin: first byte, counted from the start of the file.
        end: byte after the last one.
    """

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class LoraHeader:
    """Metadata and tensors of a file.

    Attributes:
        metadata: the strings under `__metadata__`, such as `ss_network_dim`.
        tensors: by name.
    """

    metadata: dict[str, str]
    tensors: dict[str, TensorInfo]


def read_header(path: Path) -> LoraHeader:
    """Read and check the header of a `.safetensors` file.

    Raises:
        LoraError: missing, cut off, not safetensors, or with sizes that do not fit the file.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 10 or length < 2 or length > min(size - 8, MAX_HEADER_BYTES):
                raise LoraError(f"{path} is no whole safetensors file: its header does not fit in.")
            body = json.loads(file.read(length).decode("utf-8"))
    except OSError as error:
        raise LoraError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:  # a number of 5000 digits is a ValueError too
        raise LoraError(f"{path} is no safetensors file: its header is not JSON.") from error
    if not isinstance(body, dict):
        raise LoraError(f"{path} is no safetensors file: its header is no JSON object.")
    return _checked(path, body, 8 + length, size)


def _checked(path: Path, body: dict[str, Any], start: int, size: int) -> LoraHeader:
    raw = body.pop("__metadata__", None) or {}
    if not isinstance(raw, Mapping):
        raise LoraError(f"{path} has damaged metadata: download or save the file again.")
    tensors = {}
    for name, entry in body.items():
        info = _tensor(entry, start)
        if info is None or info.end > size:
            raise LoraError(
                f"{path} is damaged or cut off: the sizes of {name!r} do not fit the file."
            )
        tensors[name] = info
    _refuse_gaps(path, tensors.values(), start, size)
    return LoraHeader({str(k): str(v) for k, v in raw.items()}, tensors)


def _refuse_gaps(path: Path, tensors: Iterable[TensorInfo], start: int, size: int) -> None:
    """Refuse what safetensors itself refuses: the tensors fill the file one after the other."""
    at = start
    for begin, end in sorted((t.begin, t.end) for t in tensors):
        if begin != at:
            raise LoraError(f"{path} is damaged: its tensors overlap, or leave gaps in the file.")
        at = end
    if at != size:
        raise LoraError(f"{path} is damaged: {size - at} bytes behind its tensors belong to none.")


def _tensor(entry: object, start: int) -> TensorInfo | None:
    if not isinstance(entry, dict) or entry.get("dtype") not in DTYPE_BYTES:
        return None
    shape, offsets = _naturals(entry.get("shape")), _naturals(entry.get("data_offsets"))
    if shape is None or offsets is None or len(offsets) != 2:
        return None
    count = DTYPE_BYTES[entry["dtype"]]
    for side in shape:
        count *= side
    begin, end = offsets
    if end - begin != count:
        return None
    return TensorInfo(entry["dtype"], tuple(shape), start + begin, start + end)


def _naturals(value: object) -> list[int] | None:
    if isinstance(value, list) and all(type(v) is int and v >= 0 for v in value):
        return value
    return None
