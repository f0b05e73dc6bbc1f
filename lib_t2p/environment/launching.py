"""Hands over to a program inside an environment."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from lib_t2p.environment.commands import clean_variables
from lib_t2p.environment.definitions import ROOT

MODULES = {"studio": "lib_t2p.hosts.standalone", "demo": "lib_t2p.demo"}
"""Programs of their own; every other command is one of the CLI's."""


def command_line(arguments: Sequence[str]) -> list[str]:
    """The module and its arguments for what was typed after `t2p.py`; nothing means the studio."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        return [MODULES["studio"], *arguments]
    if arguments[0] in MODULES:
        return [MODULES[arguments[0]], *arguments[1:]]
    return ["lib_t2p.cli", *arguments]


def cli_argv(python: Path, arguments: Sequence[str]) -> list[str]:
    """The program that runs a command."""
    return [str(python), "-m", *command_line(arguments)]


def cli_variables(root: Path = ROOT) -> dict[str, str]:
    """The variables it runs with: our packages are found, foreign ones are not."""
    return {**clean_variables(os.environ), "PYTHONPATH": str(root)}
