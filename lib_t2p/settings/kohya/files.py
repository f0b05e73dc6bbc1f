"""Reading settings files that may be anything."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.settings.kohya.json_members import MAX_BYTES


def read_small(path: Path) -> bytes:
    """Read a file of at most 4 MiB.

    Raises:
        InputError: missing, a folder, not allowed, or larger.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"{path} is larger than 4 MiB, so it holds no settings: choose another."
            )
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(f"{path} cannot be read: {why}. Check the path.") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r} is no path: {error}. Check it.") from error
