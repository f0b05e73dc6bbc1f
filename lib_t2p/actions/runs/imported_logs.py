"""Other people's TensorBoard logs: judged and drawn by the worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.jobs import ACTIVE, Job, JobState, Queue, Submission, submit
from lib_t2p.workspace import Workspace

KIND = "logs.import"


@dataclass(frozen=True)
class JudgedLogs:
    """What came of a folder of logs.

    Attributes:
        folder: where the logs lie.
        report: a page with all plots; None until it is written.
        images: the plots, page by page.
        runs: one record per run, as `ImportedRun.record` gives it.
        sentence: how many runs there are and how many have findings.
    """

    folder: Path
    report: Path | None
    images: tuple[Path, ...]
    runs: tuple[dict[str, Any], ...]
    sentence: str


def submit_logs(workspace: Workspace, folder: Path) -> Job:
    """Have a folder of logs read, judged and drawn; gives the job that is at it already, if any.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: give the folder that holds TensorBoard's logs.")
    queue, params = Queue(workspace), {"folder": str(folder.absolute())}
    for job in queue.jobs(states=ACTIVE, kind=KIND):
        if job.params == params:
            return job
    return submit(workspace, Submission(KIND, params))[0]


def newest_logs(workspace: Workspace) -> Job | None:
    """The job that was submitted last."""
    return next(iter(Queue(workspace).newest(1, kind=KIND)), None)


def judged_logs(job: Job) -> JudgedLogs | None:
    """The result of a finished job; None while it is not over or when it ended badly."""
    if job.state is not JobState.FINISHED or not job.result:
        return None
    told = job.result
    report = Path(str(told.get("report", "")))
    return JudgedLogs(
        Path(str(job.params["folder"])),
        report if report.is_file() else None,
        tuple(Path(str(image)) for image in told.get("images", ())),
        tuple(told.get("runs", ())),
        str(told.get("sentence", "")),
    )
