"""Finding the trainer of a run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.jobs.processes import ProcessRecord, is_alive
from lib_t2p.workspace import RunFolder

SCHEMA = 1


@dataclass(frozen=True)
class Launched:
    """What `command.json` holds.

    Attributes:
        process: the trainer.
        stdout_start: byte of stdout at which this process began to write.
        stderr_start: the same of stderr.
    """

    process: ProcessRecord
    stdout_start: int
    stderr_start: int


def write_launched(folder: RunFolder, launched: Launched) -> None:
    """Keep what was launched."""
    process = launched.process
    record = {
        "pid": process.pid,
        "created": process.created,
        "argv": list(process.argv),
        "stdout_start": launched.stdout_start,
        "stderr_start": launched.stderr_start,
    }
    write_record(folder.command, SCHEMA, record)


def living(folder: RunFolder, argv: Sequence[str]) -> Launched | None:
    """The run's trainer that still lives; None when there is none.

    Args:
        folder: of the run.
        argv: the trainer's command, by which it is found when the record was never written, as
            when the worker was killed right after the launch.
    """
    launched = _read(folder)
    if launched is not None and is_alive(launched.process):
        return launched
    process = _running(argv)
    return Launched(process, 0, 0) if process else None


def _read(folder: RunFolder) -> Launched | None:
    try:
        record = read_record(folder.command, SCHEMA)
        process = ProcessRecord(int(record["pid"]), float(record["created"]), tuple(record["argv"]))
        return Launched(process, int(record["stdout_start"]), int(record["stderr_start"]))
    except (WorkspaceError, KeyError, TypeError, ValueError):
        return None


def _running(argv: Sequence[str]) -> ProcessRecord | None:
    for process in psutil.process_iter(["pid", "create_time", "cmdline"]):
        if process.info["cmdline"] == list(argv):
            return ProcessRecord(
                process.info["pid"], float(process.info["create_time"]), tuple(argv)
            )
    return None
