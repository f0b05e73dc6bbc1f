"""The worker, also after a restart of the machine, and the environments of the trainers."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.environment import Act, ShellProgress, declare
from lib_t2p.jobs import (
    ACTIVE,
    Heartbeats,
    Queue,
    autostart_of,
    code_version,
    install_autostart,
    uninstall_autostart,
    wake,
)
from lib_t2p.workspace import Workspace


def start(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Go on with what waits or was left by a crash."""
    output.line("The worker goes on." if wake(workspace) else "There is nothing to do.")


def status(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Tell whether a worker lives, what there is to do, and whether a restart is survived."""
    version = code_version()
    living = Heartbeats(workspace).living("worker")
    for beat in living:
        older = "" if beat.code_version == version else " with older code"
        output.line(f"A worker lives{older} (process {beat.process.pid}).")
    if not living:
        output.line("No worker lives; one starts when there is something to do.")
    output.line(f"Jobs that are not over: {len(Queue(workspace).jobs(states=ACTIVE))}")
    autostart = autostart_of(workspace)
    if not autostart.installed:
        output.line("After a restart, work goes on when the WebUI, the studio or a command opens;")
        output.line("`t2p.py worker install` lets it go on when you log in.")
        return
    output.line(f"After a restart, work goes on when you log in: {autostart.path}")
    if not autostart.current:
        output.line("That file is of another version: `t2p.py worker install` renews it.")


def install(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Go on with what waits at each login."""
    autostart = install_autostart(workspace)
    output.line(f"At each login, work goes on that waits. Written: {autostart.path}")
    if autostart.hint:
        output.line(autostart.hint)
    output.line("Undo it with `t2p.py worker uninstall`, or remove that file.")


def uninstall(_: Namespace, workspace: Workspace, output: Output) -> None:
    """Take back what `install` wrote."""
    removed = uninstall_autostart(workspace)
    for path in removed:
        output.line(f"removed {path}")
    if not removed:
        output.line("Nothing was installed.")


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    topic = commands.topic("worker", "what does the work, also after a restart of the machine")
    topic.add("status", "tell whether a worker lives and whether a restart is survived", status)
    topic.add("start", "go on with what waits or was left by a crash", start)
    topic.add("install", "go on with what waits at each login", install)
    topic.add("uninstall", "take back what `install` wrote", uninstall)
    _add_environment(commands)


def _add_environment(commands: Commands) -> None:
    # `t2p.py` runs them itself, before the core is built.
    topic = commands.topic("env", "set up, check and repair the trainers' environments")

    def add_one(name: str, help_text: str, act: Act) -> ArgumentParser:
        def run(args: Namespace, _: Workspace, output: Output) -> None:
            act(args, output, ShellProgress(output))

        return topic.add(name, help_text, run)

    declare(add_one)
