"""The parser of the shell, made of its topics."""

from __future__ import annotations

import argparse

from lib_t2p.cli.commanding import Commands
from lib_t2p.cli.topics import TOPICS


def build_parser() -> argparse.ArgumentParser:
    """All commands; each sets `carry_out`, `workspace` and its own arguments."""
    parser = argparse.ArgumentParser(
        prog="t2p.py",
        description="Photos of one person in, the best LoRA and its proof out.",
        epilog="Without a command the studio starts; `demo` runs the main job; `test` the tests.",
    )
    commands = Commands(parser.add_subparsers(dest="command", required=True, metavar="COMMAND"))
    for add in TOPICS:
        add(commands)
    return parser
