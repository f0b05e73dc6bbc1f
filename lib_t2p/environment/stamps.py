"""The mark of a finished environment, by which changed requirements are noticed."""

from __future__ import annotations

import hashlib
import json

from lib_t2p.environment.definitions import Paths, Stage
from lib_t2p.errors import SetupError
from lib_t2p.json_io import loads
from lib_t2p.platforms import venv_python


def fingerprint(paths: Paths) -> str:
    """SHA-256 over the requirement files and options of an environment.

    Raises:
        SetupError: a requirement file is missing.
    """
    digest = hashlib.sha256()
    for stage in paths.environment.stages:
        digest.update(json.dumps([stage.requirements, stage.options, _text(paths, stage)]).encode())
    return digest.hexdigest()


def _text(paths: Paths, stage: Stage) -> str:
    if stage.packages:
        return "\n".join(stage.packages)
    file = paths.requirements(stage)
    try:
        # Git may have changed the line ends on Windows.
        return "\n".join(file.read_text(encoding="utf-8").splitlines())
    except OSError as error:
        raise SetupError(
            f"{file} cannot be read ({error.strerror}): get the checkout whole again."
        ) from error


def is_ready(paths: Paths) -> bool:
    """Whether the environment was finished with the requirements of today."""
    if not venv_python(paths.folder).exists():
        return False
    try:
        stamp = loads(paths.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(stamp, dict) and stamp.get("fingerprint") == fingerprint(paths)


def write_stamp(paths: Paths) -> None:
    """Mark the environment as finished."""
    temporary = paths.stamp.with_suffix(".part")
    temporary.write_text(json.dumps({"fingerprint": fingerprint(paths)}), encoding="utf-8")
    temporary.replace(paths.stamp)
