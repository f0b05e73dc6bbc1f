"""Reading the numbers of a LoRA file with numpy alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lib_t2p.errors import LoraError
from lib_t2p.lora.header import DTYPE_BYTES, TensorInfo
from lib_t2p.lora.keys import ALPHA

_PLAIN: dict[str, str] = {
    "F16": "<f2", "F32": "<f4", "F64": "<f8", "I8": "i1", "U8": "u1", "I16": "<i2", "I32": "<i4",
    "I64": "<i8", "U16": "<u2", "U32": "<u4", "U64": "<u8",
}  # fmt: skip
_BLOCK_VALUES = 1 << 22
_ENDS_UP = (".lora_up.weight", ".lora_B.weight", ".lora.up.weight")


@dataclass(frozen=True)
class Health:
    """What the numbers of a file say.

    Attributes:
        alphas: the alpha of each module, by its stem.
        broken: tensors that hold a number which is none or infinite.
        changes_nothing: whether every second matrix is 0, as before the first step.
    """

    alphas: Mapping[str, float]
    broken: tuple[str, ...]
    changes_nothing: bool


def read_health(path: Path, tensors: Mapping[str, TensorInfo]) -> Health:
    """Read every number of a file once, a few megabytes at a time.

    Args:
        path: of the file.
        tensors: of its header, checked by `read_header`.

    Raises:
        LoraError: it cannot be read.
    """
    alphas: dict[str, float] = {}
    broken = []
    ups = [name for name in tensors if name.endswith(_ENDS_UP)]
    learnt = not ups
    try:
        with path.open("rb") as file:
            for name, info in sorted(tensors.items(), key=lambda item: item[1].begin):
                finite, nonzero = True, False
                for values in _values(file, info):
                    finite = finite and bool(np.isfinite(values).all())
                    nonzero = nonzero or bool(values.any())
                    if name.endswith(ALPHA) and values.size == 1:
                        alphas[name.removesuffix(ALPHA)] = float(values.reshape(-1)[0])
                learnt = learnt or (nonzero and name.endswith(_ENDS_UP))
                if not finite:
                    broken.append(name)
    except OSError as error:
        raise LoraError(f"{path} cannot be read: {error.strerror or error}.") from error
    return Health(alphas, tuple(broken), not learnt)


def _values(file: BinaryIO, info: TensorInfo) -> Iterator[np.ndarray[Any, Any]]:
    """The numbers of a tensor in blocks; eight-bit floats are given as whole numbers."""
    size = DTYPE_BYTES[info.dtype]
    file.seek(info.begin)
    left = info.end - info.begin
    while left:
        data = file.read(min(left, _BLOCK_VALUES * size))
        if not data:
            return
        left -= len(data)
        if info.dtype == "BF16":
            yield (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
        else:
            yield np.frombuffer(data, _PLAIN.get(info.dtype, "u1"))
