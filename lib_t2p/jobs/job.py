"""What a job is, as the database and `job.json` keep it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, Literal

from lib_t2p.jobs.processes.processes import ProcessRecord

SCHEMA = 2
"""Version of `job.json`; 1 had no order, times, kinds of stop and devices."""

Lane = Literal["light", "gpu", "paint"]
StopWhen = Literal["now", "after_save"]


class JobState(str, Enum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    LOST = "lost"


ONLY_OVER = "?"
"""Behind the id of a need: that job only has to be over, however it ended."""

ACTIVE = (JobState.QUEUED, JobState.RUNNING, JobState.STOPPING)
"""States of a job that is not over."""


@dataclass(frozen=True)
class Job:
    """One piece of work.

    Attributes:
        id: sorts by time of submission; the name of its folder.
        kind: which function does it.
        lane: who may take it: `light` and `gpu` the worker, `paint` a painter.
        params: what the function is given; JSON.
        person: folder name of the person, or empty.
        needs: ids of the jobs that must be finished first, or only over (see `ONLY_OVER`).
        state: where it stands.
        reason: a sentence that says why it failed, was stopped or lost.
        result: what it made; JSON.
        created: Unix seconds.
        started: Unix seconds of the first start.
        ended: Unix seconds.
        owner: label of the process that works on it.
        owner_process: that process; None when nobody works on it.
        deaths: how many of its processes died.
        rank: place in the queue; the lower comes first.
        start_at: Unix seconds before which it does not begin; None for as soon as can be.
        stop: how a stop was wished for: `now`, `after_save`, or empty.
        device: name of the device that it was last given, such as `gpu:1`; empty for none.
    """

    id: str
    kind: str
    lane: Lane
    params: dict[str, Any] = field(default_factory=dict)
    person: str = ""
    needs: tuple[str, ...] = ()
    state: JobState = JobState.QUEUED
    reason: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    owner: str = ""
    owner_process: ProcessRecord | None = None
    deaths: int = 0
    rank: float = 0.0
    start_at: float | None = None
    stop: StopWhen | Literal[""] = ""
    device: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the state is one that a job does not leave."""
        return self.state not in ACTIVE


def to_record(job: Job) -> dict[str, Any]:
    """The content of `job.json`."""
    process = job.owner_process
    return {
        **asdict(job),
        "state": job.state.value,
        "owner_process": [process.pid, process.created] if process else None,
    }
