"""`env list|build|check|repair`: the environments of the trainers."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lib_t2p.cli.commanding import Commands
from lib_t2p.cli_output import Output
from lib_t2p.environment import Act, ShellProgress, declare
from lib_t2p.workspace import Workspace


def add(commands: Commands) -> None:
    """Add these commands to the shell; `t2p.py` runs them itself, before the core is built."""
    topic = commands.topic("env", "set up, check and repair the trainers' environments")

    def add_one(name: str, help_text: str, act: Act) -> ArgumentParser:
        def run(args: Namespace, _: Workspace, output: Output) -> None:
            act(args, output, ShellProgress(output))

        return topic.add(name, help_text, run)

    declare(add_one)
