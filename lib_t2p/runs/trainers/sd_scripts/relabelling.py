"""Writing a LoRA again with other metadata; its tensors are copied byte by byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from lib_t2p.files import whole_file

_ALIGN = 8
_BLOCK = 1 << 22


def write_relabelled(source: Path, target: Path, changes: Mapping[str, str]) -> None:
    """Copy a whole safetensors file and change some of its metadata.

    Args:
        source: read before with `read_header`, so that its header is known to be good.
        target: written whole.
        changes: metadata to set.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    with source.open("rb") as file, whole_file(target) as partial:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        header["__metadata__"] = {**(header.get("__metadata__") or {}), **changes}
        body = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        body += b" " * (-len(body) % _ALIGN)
        with partial.open("wb") as out:
            out.write(len(body).to_bytes(8, "little") + body)
            shutil.copyfileobj(file, out, _BLOCK)
