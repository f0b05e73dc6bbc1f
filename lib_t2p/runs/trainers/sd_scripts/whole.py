"""Telling files that are whole from such that are still written."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lib_t2p.errors import LoraError
from lib_t2p.lora import read_header

_PNG_END = b"IEND\xaeB`\x82"


def is_whole(path: Path) -> bool:
    """Whether a file is whole by its own format: safetensors, PNG, torch's zip or any other."""
    try:
        if path.suffix == ".safetensors":
            read_header(path)
            return True
        if path.suffix == ".png":
            return _ends_with(path, _PNG_END)
        if path.suffix in (".bin", ".pkl", ".pt"):
            return zipfile.is_zipfile(path)
        return path.stat().st_size > 0
    except (LoraError, OSError):
        return False


def _ends_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        if file.seek(0, 2) < len(mark):
            return False
        file.seek(-len(mark), 2)
        return file.read() == mark


class Settled:
    """Knows which files have not changed since the last look."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[int, int]] = {}

    def look(self, path: Path, *, over: bool) -> bool:
        """Whether a file is whole and still; once its writer is gone, being whole is enough."""
        try:
            status = path.stat()
        except OSError:
            self._seen.pop(path, None)
            return False
        now = (status.st_size, status.st_mtime_ns)
        still = self._seen.get(path) == now
        self._seen[path] = now
        return (over or still) and is_whole(path)
