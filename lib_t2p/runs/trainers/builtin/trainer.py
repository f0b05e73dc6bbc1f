"""The built-in trainer as supervising sees it; imports no torch."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from lib_t2p.jobs.events import Event, Failed, from_line
from lib_t2p.ranges import whole_number
from lib_t2p.runs.failures import Failure, classify
from lib_t2p.runs.runs import Run
from lib_t2p.runs.trainer import Command
from lib_t2p.workspace import RunFolder

REPOSITORY = Path(__file__).resolve().parents[4]
STATE_FILE = "training.pt"
STATE_PREFIX = "step-"


class EventLines:
    """Reads the event lines of stdout; other lines are for the log only.

    Args:
        folder: of the run.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    def feed(self, text: str) -> list[Event]:
        """Take more of stdout, in whole lines."""
        return [event for event in map(from_line, text.splitlines()) if event is not None]

    def feed_errors(self, text: str) -> list[Event]:
        """The error stream holds log lines and tracebacks, no events."""
        return []

    def look(self, *, over: bool) -> list[Event]:
        """It tells everything itself."""
        return []

    def state_step(self) -> int:
        """Optimizer steps of the newest whole training state; 0 without one."""
        return state_step(self._folder)

    def batches_per_epoch(self) -> int:
        """Not told apart from the total."""
        return 0


class BuiltinTrainer:
    """`python -m lib_t2p.runs.trainers.builtin --run FOLDER`."""

    def mark(self, folder: RunFolder) -> tuple[str, ...]:
        """The run's folder stands in the command line."""
        return ("--run", str(folder.root))

    def command(
        self, folder: RunFolder, run: Run, *, again: bool, environ: Mapping[str, str]
    ) -> Command:
        """What to launch; it goes on from the run's last whole state by itself."""
        module = "lib_t2p.runs.trainers.builtin"
        argv = (sys.executable, "-m", module, *self.mark(folder))
        env = {
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            "OMP_WAIT_POLICY": "PASSIVE",
            "HF_HUB_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
        if run.cpu_threads:
            env["OMP_NUM_THREADS"] = str(run.cpu_threads)
        return Command(argv, env, _notes(folder, run) if again else ())

    def attendant(self, folder: RunFolder, run: Run) -> EventLines:
        """For the process of the last launch."""
        return EventLines(folder)

    def failure(self, stdout: str, stderr: str) -> Failure:
        """What the trainer said itself, else what the traceback shows."""
        events = (from_line(line) for line in stdout.splitlines())
        said = [event.reason for event in events if isinstance(event, Failed)]
        return Failure("told", said[-1]) if said else classify(stderr)


def state_step(folder: RunFolder) -> int:
    """Optimizer steps of the newest whole training state of the built-in trainer; 0 without."""
    root = folder.model / "state"
    names = [path.parent.name for path in root.glob(f"{STATE_PREFIX}*/{STATE_FILE}")]
    return max((whole_number(name.removeprefix(STATE_PREFIX)) or 0 for name in names), default=0)


def _notes(folder: RunFolder, run: Run) -> tuple[str, ...]:
    step = state_step(folder)
    if step:
        return (f"The training goes on from its state of step {step}.",)
    if run.settings.save_state:
        return ("No training state was saved yet, so the training starts over.",)
    return (
        "The settings keep no training states (save_state is off), so the training starts over; "
        "LoRAs that it saved before stay.",
    )
