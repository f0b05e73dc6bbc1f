"""Every topic of the shell, loaded only when its command is asked for.

A new topic is a file of its own and a line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from lib_t2p.cli.commanding import Topic

COMMANDS_OF: dict[str, tuple[str, ...]] = {
    "people_jobs": ("people", "person", "jobs", "stop"),
    "basics": ("train", "grid", "confirm"),
    "dataset": ("import", "dataset"),
    "deleting": ("delete-person",),
    "check": ("check",),
    "comparing": ("compare",),
    "config": ("config",),
    "sweep": ("sweep",),
    "overnight": ("overnight",),
    "lora": ("lora",),
    "logs": ("logs",),
    "portraits": ("portraits",),
    "scoring": ("score", "settings", "check-faces"),
    "reports": ("report",),
    "voting": ("vote",),
    "environment": ("env",),
    "queue": ("retry", "queue"),
    "worker": ("worker",),
    "disk": ("disk",),
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
