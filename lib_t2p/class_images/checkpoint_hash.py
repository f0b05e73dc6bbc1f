"""SHA-256 of a checkpoint, remembered by file, size and time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from lib_t2p.errors import CheckpointError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.workspace import Workspace

SCHEMA = 1
BLOCK = 1 << 24
"""Bytes read at once."""


def checkpoint_digest(workspace: Workspace, path: Path, check_stop: Callable[[], None]) -> str:
    """Hash a checkpoint's file, or all files of a diffusers folder with their names.

    Args:
        workspace: its cache remembers the hash.
        path: the checkpoint.
        check_stop: asked between blocks.

    Raises:
        CheckpointError: it cannot be read.
        StopRequested: from `check_stop`.
    """
    try:
        files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
        mark = [(str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
        name = hashlib.sha256(json.dumps(mark).encode()).hexdigest()
        known = workspace.cache / "checkpoint_hashes" / f"{name}.json"
        if remembered := _remembered(known):
            return remembered
        digest = hashlib.sha256()
        for file in files:
            digest.update(file.relative_to(path).as_posix().encode() if path.is_dir() else b"")
            _add(digest, file, check_stop)
    except OSError as error:
        raise CheckpointError(
            f"The base checkpoint {path} cannot be read ({error.strerror}): choose another one."
        ) from error
    write_record(known, SCHEMA, {"sha256": digest.hexdigest()})
    return digest.hexdigest()


def _add(digest: hashlib._Hash, file: Path, check_stop: Callable[[], None]) -> None:
    with file.open("rb") as content:
        while block := content.read(BLOCK):
            check_stop()
            digest.update(block)


def _remembered(file: Path) -> str:
    if not file.exists():
        return ""
    try:
        return str(read_record(file, SCHEMA).get("sha256", ""))
    except WorkspaceError:
        return ""
