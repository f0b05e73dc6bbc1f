"""Hands over to a program inside an environment."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from lib_t2p.environment.definitions import ROOT
from lib_t2p.environment.running import clean_variables


def command_line(arguments: Sequence[str]) -> list[str]:
    """The CLI's arguments for what a person typed after `t2p.py`; nothing means the studio."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        return ["studio", *arguments]
    return list(arguments)


def cli_argv(python: Path, arguments: Sequence[str]) -> list[str]:
    """The program that runs a CLI command."""
    return [str(python), "-m", "lib_t2p.cli", *command_line(arguments)]


def cli_variables(root: Path = ROOT) -> dict[str, str]:
    """The variables it runs with: our packages are found, foreign ones are not."""
    return {**clean_variables(os.environ), "PYTHONPATH": str(root)}
