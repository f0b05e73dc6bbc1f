"""The last event of a job: written once, also when the process that was to write it died."""

from __future__ import annotations

from lib_t2p.jobs.events.events import Event, EventReader, Failed, Finished, Started, StoppedEvent
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.processes.processes import ProcessRecord, current_process, is_alive
from lib_t2p.jobs.rebuild import REBUILT
from lib_t2p.workspace import Workspace

LAST = (Finished, Failed, StoppedEvent)
_LAST_BYTES = 1 << 20
_OVERDUE_SECONDS = 60.0
"""So long after the end its event is written, or its process could not write it."""


def last_event(job: Job) -> Event:
    """The event that tells the end of a job."""
    at = job.ended or 0.0
    if job.state is JobState.FINISHED:
        return Finished(at, job.result)
    if job.state is JobState.STOPPED:
        return StoppedEvent(at, job.reason)
    return Failed(at, job.reason)


def writer_of_last() -> str:
    """What the database keeps of this process while it owes the last event of a job."""
    process = current_process()
    return f"{process.pid} {process.created}"


def is_left(job: Job, untold: str, now: float) -> bool:
    """Whether nobody is about to write the last event of a job.

    Args:
        job: as it is now.
        untold: the process that was to write it, as the database keeps it.
        now: Unix seconds.
    """
    if not job.is_over:
        return False
    writer = _process(untold)
    if untold == REBUILT or writer is None or not is_alive(writer):
        return True
    mine = writer.pid == current_process().pid
    return mine and abs(now - (job.ended or 0.0)) > _OVERDUE_SECONDS


def is_told(workspace: Workspace, job: Job) -> bool:
    """Whether the file of events says how the job ended, after its last start.

    Raises:
        OSError: the file cannot be read.
    """
    path = workspace.job(job.id).events
    size = path.stat().st_size if path.is_file() else 0
    told = False
    for event in EventReader(path, max(0, size - _LAST_BYTES)).read_new():
        if isinstance(event, LAST):
            told = True
        elif isinstance(event, Started):
            told = False
    return told


def _process(untold: str) -> ProcessRecord | None:
    try:
        pid, created = untold.split()
        return ProcessRecord(int(pid), float(created))
    except ValueError:
        return None
