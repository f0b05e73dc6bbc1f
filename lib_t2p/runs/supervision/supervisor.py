"""Supervising one training: launch, adopt or resume it, tell its events, classify its end."""

from __future__ import annotations

import os
from pathlib import Path

from lib_t2p.errors import TrainerError
from lib_t2p.jobs.events import Reporter
from lib_t2p.jobs.processes import launch
from lib_t2p.runs.adopting import Launched, last_launched, living, write_launched
from lib_t2p.runs.runs import Run, SavedModel, read_run, saved_models
from lib_t2p.runs.supervision.kept_state import Memory
from lib_t2p.runs.supervision.watch import Watch, Watching
from lib_t2p.runs.trainer import Trainer
from lib_t2p.runs.trainers.registry import TRAINERS, trainer_named
from lib_t2p.workspace import RunFolder

__all__ = ["Watching", "run_training"]

END_BYTES = 64 * 1024
"""So much of the end of each output is looked at for the cause of a failure."""


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
        SetupError: the trainer's environment is not ready.
    """
    watching = watching or Watching()
    folder = RunFolder(folder.root.absolute())  # the trainer works in another folder
    run = read_run(folder)
    trainer = (watching.trainers or TRAINERS).get(run.trainer) or trainer_named(run.trainer)
    memory = Memory(folder)
    if memory.get("status") == "finished" and saved_models(folder):
        return saved_models(folder)
    launched = living(folder, trainer.mark(folder))
    if launched is None and memory.get("status") == "running":
        models = _ended_unseen(folder, run, trainer, memory, reporter, watching)
        if models:
            return models
    if launched is None:
        reporter.check_stop()
        launched = _launch(folder, run, trainer, memory, reporter)
    watch = Watch(folder, run, trainer, launched, memory, reporter, watching)
    models = watch.to_the_end()
    if not (watch.finished and models):
        _fail(folder, trainer, launched, memory)
    memory.keep(status="finished")
    return models


def _ended_unseen(
    folder: RunFolder,
    run: Run,
    trainer: Trainer,
    memory: Memory,
    reporter: Reporter,
    watching: Watching,
) -> list[SavedModel]:
    """The models of a trainer that came to its good end while no worker watched; else nothing."""
    watch = Watch(folder, run, trainer, last_launched(folder), memory, reporter, watching)
    models = watch.to_the_end()
    if not watch.finished:
        return []
    memory.keep(status="finished")
    return models


def _launch(
    folder: RunFolder, run: Run, trainer: Trainer, memory: Memory, reporter: Reporter
) -> Launched:
    again = last_launched(folder) is not None
    environ = {**os.environ, **reporter.device_variables()}
    command = trainer.command(folder, run, again=again, environ=environ)
    for note in command.notes:
        reporter.warning(note)
    starts = [_size(path) for path in (folder.stdout, folder.stderr)]
    memory.begin(read=starts[0], read_errors=starts[1])
    process = launch(
        command.argv,
        cwd=folder.root,
        env={**environ, **command.env},
        stdout=folder.stdout,
        stderr=folder.stderr,
    )
    launched = Launched(process, starts[0], starts[1])
    write_launched(folder, launched)
    return launched


def _fail(folder: RunFolder, trainer: Trainer, launched: Launched, memory: Memory) -> None:
    failure = trainer.failure(
        _end(folder.stdout, launched.stdout_start), _end(folder.stderr, launched.stderr_start)
    )
    memory.keep(status="failed", reason=failure.sentence, code=failure.code)
    raise TrainerError(failure.sentence)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _end(path: Path, start: int) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(start, size - END_BYTES))
        return file.read().decode("utf-8", errors="replace")
