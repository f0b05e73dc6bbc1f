"""Tensors of a safetensors file, read without mapping it, so that no page of it stays in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import torch

from lib_t2p.diffusion.families import checkpoint_tensors
from lib_t2p.errors import CheckpointError
from lib_t2p.lora.header import TensorInfo

DTYPES = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "I16": torch.int16,
    "F16": torch.float16, "BF16": torch.bfloat16, "I32": torch.int32, "F32": torch.float32,
    "I64": torch.int64, "F64": torch.float64, "U16": torch.uint16, "U32": torch.uint32,
    "U64": torch.uint64, "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2,
}  # fmt: skip
"""safetensors' names of number formats."""

Format = Callable[[str], torch.dtype | None]
"""Name of a tensor -> number format it is wanted in; None when it is not wanted."""


class TensorFile:
    """Reads single tensors of a file.

    Args:
        path: of a `.safetensors` file.

    Raises:
        CheckpointError: its header is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tensors = checkpoint_tensors(path)

    def keys(self) -> Iterable[str]:
        """Names of all tensors."""
        return self._tensors.keys()

    def get_tensor(self, name: str) -> torch.Tensor:
        """Read one tensor in its stored format.

        Raises:
            CheckpointError: the file cannot be read or changed meanwhile.
        """
        try:
            with self._path.open("rb", buffering=0) as file:
                return _read(file, self._tensors[name])
        except (OSError, EOFError) as error:
            raise CheckpointError(
                f"{self._path} cannot be read ({error}): copy it again."
            ) from error


class ReadAhead(TensorFile):
    """Reads the wanted tensors in a thread while the caller does something else.

    Args:
        path: of a `.safetensors` file.
        formats: which tensors are wanted, and as what.
    """

    def __init__(self, path: Path, formats: Format) -> None:
        super().__init__(path)
        self._formats = formats
        self._ready: dict[str, torch.Tensor] = {}
        self._news = threading.Condition()
        self._coming = {name for name in self._tensors if formats(name) is not None}
        self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)
        self._thread.start()

    def get_tensor(self, name: str) -> torch.Tensor:
        """Give a tensor, once; waits while it is still being read."""
        with self._news:
            while name in self._coming:
                self._news.wait()
            found = self._ready.pop(name, None)
        return super().get_tensor(name) if found is None else found

    def _run(self) -> None:
        # As they lie in the file, so that a slow disk is read from front to back.
        names = sorted(self._coming, key=lambda name: self._tensors[name].begin)
        # One buffer for all that is converted: fresh memory costs more time than the reading.
        sizes = (self._tensors[name].end - self._tensors[name].begin for name in names)
        try:
            scratch = torch.empty(max(sizes, default=0), dtype=torch.uint8)
            with self._path.open("rb", buffering=0) as file:
                for name in names:
                    info, dtype = self._tensors[name], self._formats(name)
                    if DTYPES[info.dtype] == dtype:
                        self._keep(name, _read(file, info))
                    else:
                        self._keep(name, _read(file, info, scratch).to(dtype, copy=True))
        except (OSError, EOFError, RuntimeError, MemoryError):
            # Whoever asks for a tensor reads it again and meets the fault itself.
            with self._news:
                self._coming.clear()
                self._news.notify_all()

    def _keep(self, name: str, tensor: torch.Tensor) -> None:
        with self._news:
            self._ready[name] = tensor
            self._coming.discard(name)
            self._news.notify_all()


def _read(file: BinaryIO, info: TensorInfo, scratch: torch.Tensor | None = None) -> torch.Tensor:
    size = info.end - info.begin
    buffer = torch.empty(size, dtype=torch.uint8) if scratch is None else scratch[:size]
    bytes_of: Any = buffer.numpy()
    view = memoryview(bytes_of)
    file.seek(info.begin)
    done = 0
    while done < size:
        got = file.readinto(view[done:])  # type: ignore[attr-defined]  # unbuffered files have it
        if not got:
            raise EOFError("it ends too early")
        done += got
    return buffer.view(DTYPES[info.dtype]).reshape(info.shape)
