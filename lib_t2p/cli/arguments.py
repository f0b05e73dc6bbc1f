"""The parser of the shell, made of its topics."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from lib_t2p.cli.commanding import Commands
from lib_t2p.cli.topics import topics_for


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
