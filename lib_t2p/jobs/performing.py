"""Doing one job and bringing it to an end that a person understands."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lib_t2p.errors import JobError, StopRequested, T2PError
from lib_t2p.files import is_disk_full
from lib_t2p.jobs.job import Job
from lib_t2p.jobs.job_context import JobContext

JobFunction = Callable[[JobContext], dict[str, Any]]
"""What a kind of job does; gives its result, which must be JSON."""

_log = logging.getLogger(__name__)
_FORMAT = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


def perform(context: JobContext, function: JobFunction) -> Job:
    """Call the function of a claimed job and bring the job to its end.

    Args:
        context: of the job, claimed by this process.
        function: of its kind.

    Returns:
        The job as it is now.

    Raises:
        JobError: the job was taken away meanwhile.
        Exception: whatever else the function raised; give it to `fail_unexpectedly`.
    """
    queue, job_id = context.queue, context.job.id
    with _job_log(context):
        _log.info("%s begins", context.job.kind)
        try:
            result = function(context)
        except StopRequested as stop:
            return queue.stopped(job_id, str(stop))
        except T2PError as error:
            _log.exception("%s failed", context.job.kind)
            return queue.fail(job_id, str(error))
        except MemoryError:
            _log.exception("%s ran out of memory", context.job.kind)
            return queue.fail(job_id, "The memory was full: close other programs and try again.")
        except OSError as error:
            if not is_disk_full(error):
                raise
            _log.exception("%s met a full disk", context.job.kind)
            where = f" ({error.filename})" if error.filename else ""
            return queue.fail(
                job_id, f"The disk is full{where}: free some space, then try again; it goes on."
            )
        return queue.finish(job_id, result)


def fail_unexpectedly(context: JobContext, error: Exception) -> Job:
    """Fail a job whose function raised what it should not; the traceback goes to `log.txt`.

    Called by a process at its border, the one place where every exception may be caught.
    """
    with _job_log(context):
        _log.error("%s ended unexpectedly", context.job.kind, exc_info=error)
    text = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__
    return context.queue.fail(
        context.job.id,
        f"{context.job.kind} ended unexpectedly ({what}): this is a fault of ours, "
        f"please report it with {context.folder.log}.",
    )


@contextmanager
def _job_log(context: JobContext) -> Iterator[None]:
    """Write what this thread logs to the job's `log.txt`; the other lane has its own."""
    thread = threading.get_ident()
    try:
        context.folder.root.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(context.folder.log, encoding="utf-8", delay=True)
    except OSError as error:
        raise JobError(f"{context.folder.log} cannot be written: {error}.") from error
    handler.setFormatter(_FORMAT)
    handler.addFilter(lambda record: record.thread == thread)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
