"""The picture that the cells of a grid begin with, when they are painted by img2img."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from lib_t2p.errors import InputError
from lib_t2p.painting import StartPicture


def start_picture(path: str, denoising: float) -> StartPicture | None:
    """Give what a cell begins with; None for an empty path: txt2img.

    Args:
        path: of the picture.
        denoising: 0 keeps the picture, 1 paints anew.

    Raises:
        InputError: the picture is gone or cannot be read.
    """
    if not path:
        return None
    try:
        state = Path(path).stat()
        mark = _print(path, state.st_size, state.st_mtime_ns)
    except OSError as error:
        raise InputError(
            f"The start picture {path} cannot be read ({error.strerror}): choose another one."
        ) from error
    return StartPicture(path, mark, denoising)


@lru_cache(maxsize=4)
def _print(path: str, _size: int, _changed: int) -> str:
    # A grid asks once for every cell: the file is read once for each of its states.
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
