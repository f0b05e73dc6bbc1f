"""Asks an environment which modules it has, without importing any of them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from lib_t2p.environment.commands import clean_variables
from lib_t2p.environment.repairing import site_packages

SECONDS = 30.0
"""Python starts in far less; a drive that sleeps may take longer."""

_ASK = (
    "import sys, json, importlib.util as u\n"
    "print(json.dumps([m for m in sys.argv[1:] if u.find_spec(m) is None]))"
)


def missing_modules(python: Path, folder: Path, modules: Sequence[str]) -> list[str]:
    """The top-level modules that an environment lacks; none when it cannot be asked.

    Args:
        python: the environment's interpreter.
        folder: the checkout, whose own modules may be among them.
        modules: names without dots.
    """
    wanted = tuple(dict.fromkeys(modules))
    own = [m for m in wanted if (folder / m).is_dir() or (folder / f"{m}.py").is_file()]
    asked = tuple(m for m in wanted if m not in own)
    return list(_ask(str(python), _changed(python), asked)) if asked else []


def _changed(python: Path) -> tuple[float, ...]:
    """When packages were last added or removed."""
    folders = [python, *site_packages(python.parent.parent)]
    return tuple(f.stat().st_mtime for f in folders if f.exists())


@lru_cache(maxsize=64)
def _ask(python: str, _changed: tuple[float, ...], modules: tuple[str, ...]) -> tuple[str, ...]:
    try:
        done = subprocess.run(
            [python, "-c", _ASK, *modules],
            env=clean_variables(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            cwd=Path(python).parent,
            check=True,
        )
        found = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()
    return tuple(str(name) for name in found)
