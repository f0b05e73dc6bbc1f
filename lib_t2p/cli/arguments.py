"""The parser of the shell, made of its topics."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from lib_t2p.cli.commanding import Commands
from lib_t2p.cli.topics import topics_for
from lib_t2p.errors import FaultsError


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
