"""Runs venv and pip, their output line by line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from lib_t2p.errors import SetupError

# A host's own packages must not leak into what we install, nor a user's site-packages.
_FOREIGN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER", "PIP_PREFIX")


class Runner(Protocol):
    """Runs a program to its end."""

    def __call__(self, argv: Sequence[str], on_line: Callable[[str], None]) -> int:
        """Give each line of output to `on_line` and return the exit code."""


def clean_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables without those that would let foreign packages in; git may not ask anybody."""
    kept = {name: value for name, value in variables.items() if name not in _FOREIGN}
    return {**kept, "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", "GIT_TERMINAL_PROMPT": "0"}


def run_program(argv: Sequence[str], on_line: Callable[[str], None]) -> int:
    """A `Runner` for real programs; stops the program when interrupted.

    Raises:
        SetupError: the program is missing or may not be run.
    """
    try:
        process = subprocess.Popen(
            argv,
            env=clean_variables(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            # The lock of the environment goes along.
            close_fds=False,
        )
    except OSError as error:
        raise SetupError(f"{argv[0]} cannot be run: {error.strerror}.") from error
    with process:
        try:
            for line in process.stdout or ():
                on_line(line.rstrip("\n"))
        except BaseException:
            process.terminate()
            raise
    return process.returncode
