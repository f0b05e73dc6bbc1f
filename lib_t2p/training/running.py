"""Supervising one training: launch, adopt or resume it, tell its events, classify its end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import StopRequested, TrainerError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.jobs.events import Event, Failed, Finished, Image, Metric, Phase, Progress, Warned
from lib_t2p.jobs.processes import is_alive, launch, stop_tree
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.jobs.tail import Tail
from lib_t2p.training.adopting import Launched, living, write_launched
from lib_t2p.training.lines import WholeLines
from lib_t2p.training.runs import Run, SavedModel, read_run, saved_models
from lib_t2p.training.trainers.base import OutputParser, Trainer
from lib_t2p.training.trainers.registry import TRAINERS, trainer_named
from lib_t2p.workspace import RunFolder

SCHEMA = 1
END_BYTES = 64 * 1024
"""So much of the end of each output is looked at for the cause of a failure."""


@dataclass(frozen=True)
class Watching:
    """How a process is watched.

    Attributes:
        poll_seconds: time between two looks.
        grace_seconds: time that a stopped process gets to end by itself.
        sleep: waits; a test may give its own.
        trainers: by name.
    """

    poll_seconds: float = 0.5
    grace_seconds: float = 10.0
    sleep: Callable[[float], None] = time.sleep
    trainers: Mapping[str, Trainer] | None = None


def run_training(
    folder: RunFolder, reporter: Reporter, watching: Watching | None = None
) -> list[SavedModel]:
    """Train a run to its end.

    A trainer that still lives is adopted, a dead one is launched again and goes on from its last
    state, a finished run is given back as it is.

    Returns:
        All saved models, oldest first.

    Raises:
        TrainerError: it ended without its last LoRA; says why and what to do.
        StopRequested: the person stopped it; what was saved stays.
        InputError: there is no such run or trainer.
    """
    watching = watching or Watching()
    run = read_run(folder)
    trainer = (watching.trainers or TRAINERS).get(run.trainer) or trainer_named(run.trainer)
    if _known(folder).get("status") == "finished" and saved_models(folder):
        return saved_models(folder)
    launched = living(folder, trainer.command(folder, run).argv)
    if launched is None:
        launched = _launch(folder, run, trainer)
    return _Watch(folder, trainer.parser(), trainer, launched, reporter, watching).to_the_end()


def _launch(folder: RunFolder, run: Run, trainer: Trainer) -> Launched:
    command = trainer.command(folder, run)
    starts = [_size(path) for path in (folder.stdout, folder.stderr)]
    _remember(folder, {"status": "running", "read": starts[0], "read_errors": starts[1]})
    process = launch(
        command.argv,
        cwd=folder.root,
        env={**os.environ, **command.env},
        stdout=folder.stdout,
        stderr=folder.stderr,
    )
    launched = Launched(process, starts[0], starts[1])
    write_launched(folder, launched)
    return launched


class _Watch:
    def __init__(
        self,
        folder: RunFolder,
        parser: OutputParser,
        trainer: Trainer,
        launched: Launched,
        reporter: Reporter,
        watching: Watching,
    ) -> None:
        known = _known(folder)
        self._folder = folder
        self._trainer = trainer
        self._launched = launched
        self._reporter = reporter
        self._watching = watching
        self._out = WholeLines(
            Tail(folder.stdout, int(known.get("read", launched.stdout_start))), parser.feed
        )
        self._err = WholeLines(
            Tail(folder.stderr, int(known.get("read_errors", launched.stderr_start))),
            parser.feed_errors,
        )
        self._finished = False

    def to_the_end(self) -> list[SavedModel]:
        """Tell events until the process is over, then judge how it ended."""
        try:
            alive = True
            while alive:
                alive = is_alive(self._launched.process)
                self._tell_new(over=not alive)
                if alive:
                    self._reporter.check_stop()
                    self._watching.sleep(self._watching.poll_seconds)
        except StopRequested:
            stop_tree(self._launched.process, self._watching.grace_seconds)
            self._tell_new(over=True)
            _remember(self._folder, {"status": "stopped", **self._offsets()})
            raise
        return self._judge()

    def _judge(self) -> list[SavedModel]:
        models = saved_models(self._folder)
        if self._finished and models:
            _remember(self._folder, {"status": "finished", **self._offsets()})
            return models
        reason = self._trainer.failure(
            _end(self._folder.stdout, self._launched.stdout_start),
            _end(self._folder.stderr, self._launched.stderr_start),
        )
        _remember(self._folder, {"status": "failed", "reason": reason, **self._offsets()})
        raise TrainerError(reason)

    def _tell_new(self, *, over: bool = False) -> None:
        before = self._offsets()
        for stream in (self._out, self._err):
            self._tell(stream.new_events(over=over))
        if self._offsets() != before:
            _remember(self._folder, {"status": "running", **self._offsets()})

    def _offsets(self) -> dict[str, int]:
        return {"read": self._out.told, "read_errors": self._err.told}

    def _tell(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Progress):
                self._reporter.progress(event.done, event.total, event.unit)
            elif isinstance(event, Metric):
                self._reporter.metric(event.tag, event.step, event.value)
            elif isinstance(event, Phase):
                self._reporter.phase(event.name)
            elif isinstance(event, Image):
                self._reporter.image(event.path, event.caption)
            elif isinstance(event, Warned):
                self._reporter.warning(event.message)
            elif isinstance(event, (Finished, Failed)):
                self._finished = isinstance(event, Finished)


def _known(folder: RunFolder) -> dict[str, Any]:
    try:
        return read_record(folder.state, SCHEMA)
    except WorkspaceError:
        return {}


def _remember(folder: RunFolder, changes: Mapping[str, Any]) -> None:
    write_record(folder.state, SCHEMA, changes)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _end(path: Path, start: int) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(start, size - END_BYTES))
        return file.read().decode("utf-8", errors="replace")
