"""What supervising needs to know of a program that trains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lib_t2p.jobs.events import Event
from lib_t2p.runs.failures import Failure
from lib_t2p.runs.runs import Run
from lib_t2p.workspace import RunFolder


@dataclass(frozen=True)
class Command:
    """A program to launch.

    Attributes:
        argv: program and arguments; no shell.
        env: variables that are set beside the inherited ones.
        notes: sentences for the person on how this launch goes on from what is there.
    """

    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Attendant(Protocol):
    """Follows one process of a trainer: what it prints and what it leaves in files."""

    def feed(self, text: str) -> list[Event]:
        """Take more of stdout, in whole lines."""

    def feed_errors(self, text: str) -> list[Event]:
        """Take more of stderr, in whole lines."""

    def look(self, *, over: bool) -> list[Event]:
        """Look at its files; `over` means that the process has ended.

        `Finished` among the events means that the last LoRA is in place.
        """

    def state_step(self) -> int:
        """Optimizer steps of the newest whole training state; 0 without one."""

    def batches_per_epoch(self) -> int:
        """Optimizer steps of one epoch; 0 while it is not known."""


class Trainer(Protocol):
    """A program that trains a LoRA in a run folder."""

    def mark(self, folder: RunFolder) -> tuple[str, ...]:
        """Arguments that follow one another in the command line of each of its processes."""

    def command(
        self, folder: RunFolder, run: Run, *, again: bool, environ: Mapping[str, str]
    ) -> Command:
        """Prepare a launch, writing what it reads.

        Args:
            folder: of the run.
            run: as stored.
            again: it was launched before and ended without its last LoRA.
            environ: the variables that it will inherit; they say which cards it may use.

        Raises:
            T2PError: it cannot be launched; says why and what to do.
        """

    def attendant(self, folder: RunFolder, run: Run) -> Attendant:
        """For the process of the last launch."""

    def failure(self, stdout: str, stderr: str) -> Failure:
        """Why it ended badly, from the ends of its output."""
