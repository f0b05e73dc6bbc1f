"""The parser of the shell, made of its topics, each loaded only when its command is asked for.

A new topic is a file of its own and a line in `COMMANDS_OF`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from lib_t2p.cli_output import Output
from lib_t2p.errors import FaultsError
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


COMMANDS_OF: dict[str, tuple[str, ...]] = {
    "people_commands": ("people", "person", "jobs", "stop"),
    "run_commands": ("train", "check"),
    "grid_commands": ("grid", "confirm", "vote", "compare"),
    "dataset": ("import", "dataset"),
    "config_commands": ("config",),
    "sweep_commands": ("sweep",),
    "overnight_commands": ("overnight",),
    "lora_commands": ("lora",),
    "logs_commands": ("logs",),
    "portraits_commands": ("portraits",),
    "scoring_commands": ("score", "settings", "check-faces", "report"),
    "queue_commands": ("retry", "queue", "worker", "env"),
    "disk_commands": ("disk", "delete-person"),
}
"""The commands of each topic, in the order of `--help`."""


def topics_for(arguments: Sequence[str]) -> list[Topic]:
    """The topic of the first argument that is a command; all of them when there is none."""
    owners = {command: name for name, commands in COMMANDS_OF.items() for command in commands}
    named = [owners[argument] for argument in arguments[:1] if argument in owners]
    adders: list[Topic] = []
    for name in named or COMMANDS_OF:
        adders.append(import_module(f"lib_t2p.cli.{name}").add)
    return adders


def build_parser(arguments: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """The command that `arguments` begin with, or all of them; each sets `carry_out`.

    Args:
        arguments: those of this process when None.
    """
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="t2p.py",
        description="Photos of one person in, the best LoRA and its proof out.",
        epilog="Without a command the studio starts; `demo` runs the main job; `test` the tests.",
    )
    commands = Commands(parser.add_subparsers(dest="command", required=True, metavar="COMMAND"))
    for add in topics_for(given):
        add(commands)
    return parser


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of one command, read.

    Args:
        arguments: those of this process when None.

    Raises:
        FaultsError: every option whose value is `--`, of which argparse makes an empty list.
        SystemExit: argparse refused them and has said why, or help was asked for.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    faults = [
        f"{one[:80]} gives no value: write {one[:78].removesuffix('--')}VALUE"
        for one in given
        if one.startswith("--") and one.endswith("=--")
    ]
    if faults:
        raise FaultsError("The command", faults)
    return build_parser(given).parse_args(given)
