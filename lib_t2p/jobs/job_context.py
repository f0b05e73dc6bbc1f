"""What the function of a job is given: a reporter that writes events and knows of a stop."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lib_t2p.errors import StopRequested, WorkspaceError
from lib_t2p.jobs.events.events import (
    Event,
    Image,
    Metric,
    ModelSaved,
    Phase,
    Progress,
    Warned,
    append_event,
)
from lib_t2p.jobs.job import Job, JobState
from lib_t2p.jobs.processes.devices import variables_of
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace import JobFolder, Workspace

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobContext:
    """A `Reporter` of one job.

    Attributes:
        job: as it was claimed.
        workspace: where everything lies.
        queue: asked whether the job is to stop.
        clock: Unix seconds.
    """

    job: Job
    workspace: Workspace
    queue: Queue
    clock: Callable[[], float] = time.time

    @property
    def folder(self) -> JobFolder:
        """The files of the job."""
        return self.workspace.job(self.job.id)

    def phase(self, name: str) -> None:
        """A named part of the work begins."""
        self._tell(Phase(self.clock(), name))

    def progress(
        self,
        done: int,
        total: int,
        unit: str,
        *,
        seconds_left: float | None = None,
        epoch: int | None = None,
    ) -> None:
        """`done` of `total` units; `total` 0 means unknown."""
        self._tell(Progress(self.clock(), done, total, unit, seconds_left, epoch))

    def metric(self, tag: str, step: int, value: float) -> None:
        """A number at a step."""
        self._tell(Metric(self.clock(), tag, step, value))

    def image(self, path: str, caption: str) -> None:
        """A picture was written."""
        self._tell(Image(self.clock(), path, caption))

    def saved(self, path: str, epoch: int, step: int) -> None:
        """A LoRA is whole."""
        self._tell(ModelSaved(self.clock(), path, epoch, step))

    def warning(self, message: str) -> None:
        """Something a person should know that does not end the work."""
        self._tell(Warned(self.clock(), message))

    def check_stop(self) -> None:
        """Raise `StopRequested` when the person asked to stop now."""
        if self._wish() == "now":
            raise StopRequested("Stopped as you asked; what was saved so far is kept.")

    def stop_after_save(self) -> bool:
        """Whether the person asked to stop once the next model or state is saved."""
        return self._wish() == "after_save"

    def device_variables(self) -> Mapping[str, str]:
        """Environment variables that keep a child process to the device of this job."""
        return variables_of(self.job.device)

    def _wish(self) -> str:
        try:
            job = self.queue.get(self.job.id)
        except WorkspaceError:
            # A disk that is full for a minute must not end hours of training: asked again soon.
            _log.exception("whether %s is to stop", self.job.id)
            return ""
        return (job.stop or "now") if job.state is JobState.STOPPING else ""

    def _tell(self, event: Event) -> None:
        try:
            append_event(self.folder.events, event)
        except WorkspaceError:
            # Losing a line of progress is better than losing the work; a full disk that matters
            # fails where the work itself writes.
            _log.exception("an event of %s is lost", self.job.id)
