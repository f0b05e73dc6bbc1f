"""Paths as people type them, and names that may be no names of files at all."""

from __future__ import annotations

import os
from pathlib import Path

from lib_t2p.errors import InputError, T2PError

SHOWN = 200
"""Letters of a path that a fault repeats."""


def typed_path(typed: str) -> Path:
    """The path that somebody typed, with `~` for the home folder; it need not exist.

    Args:
        typed: blanks and quotation marks around it are left out, as file managers copy them.

    Raises:
        InputError: no system takes it as a path (NUL, half letters), this one cannot look at it
            (too long, no permission), or it names the home of nobody.
    """
    plain = typed.strip().strip('"')
    for text in (typed, plain):
        if _was_found(text):
            return Path(text)
    try:
        return Path(plain).expanduser()
    except RuntimeError as error:
        raise InputError(
            f"{shown(plain)} names the home folder of nobody: type the whole path."
        ) from error


def _was_found(text: str) -> bool:
    try:
        os.lstat(Path(text))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise InputError(f"{shown(text)} cannot be used as a path: {_why(error)}.") from error
    return True


def home_path(typed: str, fault: type[T2PError]) -> Path:
    """`typed_path`, absolute, for a caller whose faults are of its own kind.

    Args:
        typed: as for `typed_path`.
        fault: raised with the same sentence.
    """
    try:
        return typed_path(typed).absolute()
    except InputError as error:
        raise fault(str(error)) from error


def is_file(path: Path) -> bool:
    """Whether a file lies there; a path that no system takes is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Whether anything lies there; a path that no system takes is nowhere."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def shown(text: str) -> str:
    """A text for a sentence, in quotes and shortened."""
    return repr(shortened(text))


def shortened(text: str) -> str:
    """A text with its middle left out when it is long."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}...{text[-SHOWN // 4 :]}"


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, UnicodeError):
        return "it holds half a letter"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return "it holds a NUL character"
