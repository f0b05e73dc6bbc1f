"""What running needs to know of a program that trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lib_t2p.jobs.events import Event
from lib_t2p.training.runs import Run
from lib_t2p.workspace import RunFolder


@dataclass(frozen=True)
class Command:
    """A program to launch.

    Attributes:
        argv: program and arguments; no shell.
        env: variables that are set beside the inherited ones.
    """

    argv: tuple[str, ...]
    env: dict[str, str]


class OutputParser(Protocol):
    """Turns what a trainer prints into events."""

    def feed(self, text: str) -> list[Event]:
        """Take more of stdout, in whole lines."""

    def feed_errors(self, text: str) -> list[Event]:
        """Take more of stderr, in whole lines."""


class Trainer(Protocol):
    """A program that trains a LoRA in a run folder."""

    def command(self, folder: RunFolder, run: Run) -> Command:
        """What to launch; the same command resumes a run that has a state."""

    def parser(self) -> OutputParser:
        """A parser for one process."""

    def failure(self, stdout: str, stderr: str) -> str:
        """One sentence on why it ended badly and what to do, from the ends of its output."""
