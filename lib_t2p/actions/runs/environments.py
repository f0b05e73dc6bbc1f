"""Setting up, checking and repairing the trainers' environments."""

from __future__ import annotations

from typing import Literal

from lib_t2p.environment import tag_named
from lib_t2p.jobs import Job, JobState, Queue, Submission, submit
from lib_t2p.workspace import Workspace

Act = Literal["build", "check", "repair", "add"]

_ACTIVE = (JobState.QUEUED, JobState.RUNNING, JobState.STOPPING)


def submit_environment(
    workspace: Workspace,
    act: Act,
    tag: str,
    *,
    python: str = "",
    borrow: str = "",
    package: str = "",
) -> Job:
    """Have a tag of sd-scripts set up, checked, repaired or added to by the worker.

    Args:
        workspace: whose worker does it.
        act: show `environment.planning.plan` and ask before `build`.
        tag: one of `environment.tags.TAGS`.
        python: of the plan that was shown; empty leaves the choice.
        borrow: of the plan that was shown; empty leaves the choice.
        package: what `add` installs, one of `environment.extras.INSTALLABLE`.

    Returns:
        The job; the one that is at it already, when there is one.

    Raises:
        SetupError: there is no such tag, or no worker can be started.
    """
    name = tag_named(tag).name
    queue, kind = Queue(workspace), f"env.{act}"
    for job in queue.jobs(states=_ACTIVE, kind=kind):
        if job.params.get("tag") == name and job.params.get("package", "") == package:
            return job
    params = {"tag": name, "python": python, "borrow": borrow}
    if package:
        params["package"] = package
    return submit(workspace, Submission(kind, params))[0]
