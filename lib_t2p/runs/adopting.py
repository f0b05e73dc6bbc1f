"""Finding the trainer of a run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from lib_t2p.errors import WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.jobs.processes import ProcessRecord, is_alive, process_record
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


def last_launched(folder: RunFolder) -> Launched | None:
    """What was launched last, dead or alive; None when nothing was, or its record is damaged."""
    try:
        record = read_record(folder.command, SCHEMA)
        process = ProcessRecord(int(record["pid"]), float(record["created"]), tuple(record["argv"]))
        return Launched(process, int(record["stdout_start"]), int(record["stderr_start"]))
    except (WorkspaceError, KeyError, TypeError, ValueError):
        return None


def living(folder: RunFolder, mark: Sequence[str]) -> Launched | None:
    """The run's trainer that still lives; None when there is none.

    Args:
        folder: of the run.
        mark: arguments that follow one another in its command line. By them a trainer is found
            whose record was never written, as when the worker was killed right after the launch,
            and one that outlived the launcher that had started it.
    """
    launched = last_launched(folder)
    if launched is not None and is_alive(launched.process):
        return launched
    process = _marked(tuple(mark))
    if process is None:
        return None
    if launched is None:
        return Launched(process, 0, 0)
    return Launched(process, launched.stdout_start, launched.stderr_start)


def _marked(mark: tuple[str, ...]) -> ProcessRecord | None:
    """The oldest living process with that mark: the parent, where there are several."""
    found: list[ProcessRecord] = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        argv = tuple(process.info["cmdline"] or ())
        if _carries(argv, mark):
            found.append(process_record(process.info["pid"], argv))
    alive = [record for record in found if is_alive(record)]
    return min(alive, key=lambda record: (record.created, record.pid), default=None)


def _carries(argv: tuple[str, ...], mark: tuple[str, ...]) -> bool:
    length = len(mark)
    return any(argv[i : i + length] == mark for i in range(len(argv) - length + 1))
