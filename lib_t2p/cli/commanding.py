"""How a topic adds its commands to the shell."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib_t2p.cli_output import Output
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace

Run = Callable[[argparse.Namespace, Workspace, Output], None]
"""What a command does; it raises `T2PError` when it cannot."""


def default_workspace() -> Path:
    """`workspace/` beside the extension."""
    return Path(__file__).resolve().parents[2] / "workspace"


def workspace_argument() -> argparse.ArgumentParser:
    """The argument that every command shares."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--workspace", type=typed_path, default=default_workspace(), metavar="FOLDER"
    )
    return common


class Commands:
    """Commands of the shell, or of a topic such as `config`."""

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers

    def add(self, name: str, help_text: str, run: Run) -> argparse.ArgumentParser:
        """Add a command; its arguments are added to what is returned."""
        parser: argparse.ArgumentParser = self._subparsers.add_parser(
            name, parents=[workspace_argument()], help=help_text, description=help_text
        )
        parser.set_defaults(carry_out=run)
        return parser

    def topic(self, name: str, help_text: str) -> Commands:
        """Add a topic that has commands of its own, such as `config show`."""
        parser = self._subparsers.add_parser(name, help=help_text, description=help_text)
        return Commands(parser.add_subparsers(dest=name, required=True, metavar="COMMAND"))


Topic = Callable[[Commands], None]
