"""Reading what a job was submitted with."""

from __future__ import annotations

from typing import Any

from lib_t2p.errors import JobError
from lib_t2p.jobs import JobContext
from lib_t2p.workspace import GridFolder, PersonFolder


def param(context: JobContext, name: str) -> Any:
    """One parameter; raises `JobError` when the job has none of that name."""
    try:
        return context.job.params[name]
    except KeyError:
        raise JobError(
            f"Job {context.job.id} ({context.job.kind}) was submitted without {name!r}: "
            "submit it again."
        ) from None


def person_of(context: JobContext) -> PersonFolder:
    """The person that the job is about."""
    return context.workspace.person(str(param(context, "person")))


def grid_of(context: JobContext) -> GridFolder:
    """The grid that the job is about."""
    return person_of(context).grid(str(param(context, "grid")))
