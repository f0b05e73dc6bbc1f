"""Run as a process by the tests: a real `Worker` with a table of small fake jobs."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError, StopRequested
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.processes.processes import ProcessRecord, is_alive, launch, stop_tree
from lib_t2p.platforms import on_termination
from lib_t2p.worker.lane import WorkerOptions
from lib_t2p.worker.main import Worker
from lib_t2p.workspace.person import open_workspace

TRAINER = """
import os, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
with (folder / "pids.txt").open("a") as pids:
    print(os.getpid(), file=pids, flush=True)
state = folder / "state.txt"
step = int(state.read_text()) if state.exists() else 0
print("starts at", step, flush=True)
state.write_text(str(step + 5))
while not (folder / "release").exists():
    time.sleep(0.02)
(folder / "model.txt").write_text("a LoRA")
"""


def note(context: JobContext) -> dict[str, Any]:
    context.phase("noting")
    return {"pid": os.getpid(), **context.job.params}


def wait(context: JobContext) -> dict[str, Any]:
    while not (context.workspace.root / "release").exists():
        context.check_stop()
        time.sleep(0.02)
    return {"pid": os.getpid()}


def refuse(context: JobContext) -> dict[str, Any]:
    raise InputError("There is no photo: add some.")


def break_down(context: JobContext) -> dict[str, Any]:
    raise ZeroDivisionError("a fault of ours")


def unspeakable(context: JobContext) -> dict[str, Any]:
    return {"what": object()}


def die(context: JobContext) -> dict[str, Any]:
    os._exit(9)


def train(context: JobContext) -> dict[str, Any]:
    """Launch, adopt or resume, as a run does."""
    folder = context.workspace.root / str(context.job.params["run"])
    folder.mkdir(exist_ok=True)
    kept = folder / "process.txt"
    words = kept.read_text().split() if kept.exists() else ["0", "0"]
    record = ProcessRecord(int(words[0]), float(words[1]))
    if not is_alive(record) and not (folder / "model.txt").exists():
        record = launch(
            [sys.executable, "-c", TRAINER, str(folder)],
            cwd=folder,
            env=os.environ,
            stdout=folder / "out.txt",
            stderr=folder / "out.txt",
        )
        kept.write_text(f"{record.pid} {record.created}")
    context.phase("training")
    try:
        while is_alive(record):
            context.check_stop()
            time.sleep(0.02)
    except StopRequested:
        stop_tree(record, 5)
        raise
    return {"model": (folder / "model.txt").read_text()}


TABLE = {
    "note": note,
    "wait": wait,
    "refuse": refuse,
    "break": break_down,
    "unspeakable": unspeakable,
    "die": die,
    "train": train,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--idle-exit", type=float, default=600)
    parser.add_argument("--version", default="1")
    parsed = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    options = WorkerOptions(idle_exit=parsed.idle_exit, poll=0.02, beat=0.05, painter_after=1e9)
    worker = Worker(open_workspace(parsed.workspace), TABLE, options, version=parsed.version)
    on_termination(worker.terminate)
    worker.run()
    os._exit(0)


if __name__ == "__main__":
    main()
