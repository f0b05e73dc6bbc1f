"""Tensors of a safetensors file, read without mapping it, so that no page of it stays in memory."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import torch

from lib_t2p.diffusion.families import checkpoint_tensors
from lib_t2p.errors import CheckpointError

DTYPES = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "I16": torch.int16,
    "F16": torch.float16, "BF16": torch.bfloat16, "I32": torch.int32, "F32": torch.float32,
    "I64": torch.int64, "F64": torch.float64, "U16": torch.uint16, "U32": torch.uint32,
    "U64": torch.uint64, "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2,
}  # fmt: skip
"""safetensors' names of number formats."""

BLOCK_BYTES = 128_000_000
"""Tensors are read ahead in blocks of at most so much of the file."""

ALIGNED = 16
"""A block ends behind a tensor that is no multiple of it, so that all begin at whole registers."""

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
                info = self._tensors[name]
                buffer = torch.empty(info.end - info.begin, dtype=torch.uint8)
                return _read(file, info.begin, buffer).view(DTYPES[info.dtype]).view(info.shape)
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
        try:
            blocks = self._blocks()
            # One buffer for all that is converted: fresh memory costs more time than the reading.
            longest = max((self._end(block) - self._begin(block) for block in blocks), default=0)
            scratch = torch.empty(longest, dtype=torch.uint8)
            with self._path.open("rb", buffering=0) as file:
                for block in blocks:
                    self._keep(block, self._block(file, block, scratch))
        except (OSError, EOFError, RuntimeError, MemoryError):
            # Whoever asks for a tensor reads it again and meets the fault itself.
            with self._news:
                self._coming.clear()
                self._news.notify_all()

    def _blocks(self) -> list[list[str]]:
        """Wanted tensors that lie behind one another, so that few calls read and convert many.

        Each call of this thread has to wait its turn while the caller imports modules.
        """
        blocks: list[list[str]] = []
        # As they lie in the file, so that a slow disk is read from front to back.
        for name in sorted(self._coming, key=lambda name: self._tensors[name].begin):
            if blocks and self._follows(blocks[-1], name):
                blocks[-1].append(name)
            else:
                blocks.append([name])
        return blocks

    def _follows(self, block: list[str], name: str) -> bool:
        before, info = self._tensors[block[-1]], self._tensors[name]
        return (
            info.begin == before.end
            and info.dtype == before.dtype
            and self._formats(name) == self._formats(block[-1])
            # Parts are freed at different times, and a block only as a whole.
            and name.partition(".")[0] == block[-1].partition(".")[0]
            and math.prod(before.shape) % ALIGNED == 0
            and info.end - self._begin(block) <= BLOCK_BYTES
        )

    def _begin(self, block: list[str]) -> int:
        return self._tensors[block[0]].begin

    def _end(self, block: list[str]) -> int:
        return self._tensors[block[-1]].end

    def _block(self, file: BinaryIO, block: list[str], scratch: torch.Tensor) -> torch.Tensor:
        """All numbers of a block in a row, in the wanted format."""
        stored = DTYPES[self._tensors[block[0]].dtype]
        begin, end = self._begin(block), self._end(block)
        wanted = self._formats(block[0])
        if stored == wanted:
            return _read(file, begin, torch.empty(end - begin, dtype=torch.uint8)).view(stored)
        return _read(file, begin, scratch[: end - begin]).view(stored).to(wanted, copy=True)

    def _keep(self, block: list[str], numbers: torch.Tensor) -> None:
        shapes = [self._tensors[name].shape for name in block]
        parts = numbers.split([math.prod(shape) for shape in shapes])
        with self._news:
            for name, part, shape in zip(block, parts, shapes, strict=True):
                self._ready[name] = part.view(shape)
            self._coming.difference_update(block)
            self._news.notify_all()


def _read(file: BinaryIO, begin: int, buffer: torch.Tensor) -> torch.Tensor:
    """Fill a buffer of bytes from a place in the file."""
    bytes_of: Any = buffer.numpy()
    view = memoryview(bytes_of)
    file.seek(begin)
    done = 0
    while done < len(view):
        got = file.readinto(view[done:])  # type: ignore[attr-defined]  # unbuffered files have it
        if not got:
            raise EOFError("it ends too early")
        done += got
    return buffer
