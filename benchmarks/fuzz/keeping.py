"""Inputs that failed, as files from which they can be tried again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lib_t2p.files import slug


def keep(folder: Path, target: str, number: int, given: Any, reason: str) -> Path:
    """Write one input with what came of it; gives the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug(target)}-{number}.json"
    body = {"target": target, "reason": reason, "input": _written(given)}
    path.write_text(json.dumps(body, indent=1), encoding="utf-8")
    return path


def kept(path: Path) -> tuple[str, Any]:
    """The target and the input of such a file."""
    body = json.loads(path.read_text(encoding="utf-8"))
    return str(body["target"]), _read(body["input"])


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**4000:
        return {"int": hex(value)}
    if isinstance(value, (list, tuple)):
        return [_written(each) for each in value]
    if isinstance(value, dict):
        return {"pairs": [[key, _written(each)] for key, each in value.items()]}
    return value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    if "int" in value:
        return int(value["int"], 16)
    return {key: _read(each) for key, each in value["pairs"]}
