"""The built-in trainer as running sees it; imports no torch."""

from __future__ import annotations

import sys
from pathlib import Path

from lib_t2p.jobs.events import Event, Failed, from_line
from lib_t2p.training.failures import sentence_for
from lib_t2p.training.runs import Run
from lib_t2p.training.trainers.base import Command
from lib_t2p.workspace import RunFolder

REPOSITORY = Path(__file__).resolve().parents[4]


class EventLines:
    """Reads the event lines of stdout; other lines are for the log only."""

    def feed(self, text: str) -> list[Event]:
        """Take more of stdout, in whole lines."""
        return [event for event in map(from_line, text.splitlines()) if event is not None]

    def feed_errors(self, text: str) -> list[Event]:
        """The error stream holds log lines and tracebacks, no events."""
        return []


class BuiltinTrainer:
    """`python -m lib_t2p.training.trainers.builtin --run FOLDER`."""

    def command(self, folder: RunFolder, run: Run) -> Command:
        """What to launch; it goes on from the run's last whole state by itself."""
        module = "lib_t2p.training.trainers.builtin"
        argv = (sys.executable, "-m", module, "--run", str(folder.root))
        env = {
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            "OMP_WAIT_POLICY": "PASSIVE",
            "HF_HUB_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
        return Command(argv, env)

    def parser(self) -> EventLines:
        """A parser for one process."""
        return EventLines()

    def failure(self, stdout: str, stderr: str) -> str:
        """What the trainer said itself, else what the traceback shows."""
        events = EventLines().feed(stdout)
        said = [event.reason for event in events if isinstance(event, Failed)]
        return said[-1] if said else sentence_for(stderr)
