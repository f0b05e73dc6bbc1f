"""Holding the queue: what is at work goes on, nothing further begins.

It lies in a file of its own, so that it outlives the database as well as every process.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from lib_t2p.errors import NewerSchemaError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.jobs.job import Lane
from lib_t2p.workspace import Workspace

SCHEMA = 1
HELD_LANES: tuple[Lane, ...] = ("gpu", "paint")
"""A pause is for the sake of the device: photos and reports go on."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pause:
    """The queue is held.

    Attributes:
        since: Unix seconds.
        until: Unix seconds at which it goes on by itself; None for not before somebody says so.
    """

    since: float
    until: float | None = None


def read_pause(workspace: Workspace, now: float) -> Pause | None:
    """The pause that holds now, if any; what a newer version wrote holds until it is ended."""
    if not workspace.pause.exists():
        return None
    try:
        record = read_record(workspace.pause, SCHEMA)
        until = record["until"]
        pause = Pause(float(record["since"]), None if until is None else float(until))
    except NewerSchemaError as error:
        _log.warning("%s", error)
        return Pause(now)
    except (WorkspaceError, KeyError, TypeError, ValueError) as error:
        _log.warning("the pause of the queue is damaged and does not hold: %s", error)
        return None
    return pause if pause.until is None or pause.until > now else None


def pause_queue(workspace: Workspace, now: float, until: float | None = None) -> Pause:
    """Let nothing further begin until `until` (Unix seconds), or until it is resumed."""
    pause = Pause(now, until)
    write_record(workspace.pause, SCHEMA, {"since": pause.since, "until": pause.until})
    return pause


def resume_queue(workspace: Workspace) -> None:
    """Let jobs begin again.

    Raises:
        WorkspaceError: the folder may not be written.
    """
    try:
        workspace.pause.unlink(missing_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"{workspace.pause} could not be removed ({error.strerror}): remove it yourself."
        ) from error
