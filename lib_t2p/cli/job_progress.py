"""Following jobs in a shell until they are over."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.jobs import ONLY_OVER, Job, JobState, Queue, ensure_worker, words_of
from lib_t2p.jobs.events import Event, EventReader, Metric, Phase, Progress, Warned
from lib_t2p.plurals import counted
from lib_t2p.workspace import Workspace

OVER = (JobState.FINISHED, JobState.FAILED, JobState.STOPPED, JobState.LOST)
"""States that a job does not leave by itself."""
POLL_SECONDS = 0.3
ENSURE_EVERY = 10
"""Polls between looks at whether a worker still lives."""


class _Line:
    """Turns the events of one job into shell lines."""

    def __init__(self, label: str, output: Output) -> None:
        self._label = label
        self._output = output
        self._loss = ""

    def show(self, event: Event) -> None:
        if isinstance(event, Phase):
            self._label = event.name
        elif isinstance(event, Metric) and event.tag == "loss/average":
            self._loss = f", average loss {event.value:.4f}"
        elif isinstance(event, Warned):
            self._output.line(f"  note: {event.message}")
        elif isinstance(event, Progress):
            note = self._loss if event.unit == "step" else ""
            self._output.progress(self._label, event.done, event.total, event.unit, note)


def follow(workspace: Workspace, job_id: str, output: Output) -> Job:
    """Print a job's progress until it is over; keeps a worker alive meanwhile.

    Raises:
        T2PError: the job failed, was stopped or lost; the text is its reason.
    """
    queue = Queue(workspace)
    reader = EventReader(workspace.job(job_id).events)
    line = _Line(words_of(queue.get(job_id).kind), output)
    polls = 0
    while True:
        job = queue.get(job_id)
        for event in reader.read_new():
            line.show(event)
        if job.state in OVER:
            break
        if polls % ENSURE_EVERY == 0:
            ensure_worker(workspace)
        polls += 1
        time.sleep(POLL_SECONDS)
    if job.state is not JobState.FINISHED:
        raise T2PError(
            job.reason or f"Job {job.id} ({words_of(job.kind)}) ended as {job.state.value}."
        )
    return job


def follow_all(workspace: Workspace, jobs: Sequence[Job], output: Output) -> list[Job]:
    """Follow a chain of jobs in order; raises at the first that does not finish."""
    return [follow(workspace, job.id, output) for job in jobs]


def follow_steps(workspace: Workspace, newest: Callable[[], Job], output: Output) -> Job:
    """Follow work whose steps each queue the next one; gives the last step, finished.

    Args:
        workspace: where the jobs are.
        newest: gives the newest step; there is always one.
        output: told of every job that a step waits for. One that does not end well is named, and
            the next step decides what that means.

    Raises:
        T2PError: a step failed, was stopped or lost.
    """
    while True:
        step = newest()
        for need in step.needs:
            try:
                follow(workspace, need.removesuffix(ONLY_OVER), output)
            except T2PError as error:
                output.line(f"  {error}")
        step = follow(workspace, step.id, output)
        if newest().id == step.id:
            return step


def say_imported(result: Mapping[str, Any], output: Output) -> None:
    """How many photos and captions were taken, and each file that was not with its reason."""
    output.line(f"{counted(result['added'], 'photo')} added, {result['known']} known already")
    if result.get("captions"):
        output.line(f"{counted(result['captions'], 'caption')} beside the photos taken")
    for name, reason in result["failed"]:
        output.line(f"  not imported: {name}: {reason}")
