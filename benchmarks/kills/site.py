"""The workspace of a trial while its processes work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

from benchmarks.kills.material import GRID, RUN, SEEDS, WEIGHTS, Material, Part, person_of
from benchmarks.kills.outcome import last_events
from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.jobs import starting
from lib_t2p.jobs.events.events import EventReader, Progress
from lib_t2p.jobs.job import ACTIVE, Job, JobState
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import Workspace

WORKER, PAINTER = "benchmarks.kills.worker_process", "benchmarks.kills.painter_process"
TRAINER = "lib_t2p.runs.trainers.builtin"
CELLS = (len(WEIGHTS) * 2 + 1) * len(SEEDS)
POLL_SECONDS, LOOK_SECONDS = 0.1, 1.5
MOST_RETRIES = 3


@dataclass
class Site:
    """A trial at work.

    Attributes:
        material: of the benchmark.
        workspace: of the trial.
        part: that is done.
        chance: where and when.
        output: for what happens on the way.
        limit: seconds; work that takes longer stands still.
        asked: how often a failed job was tried again, as a person does.
        looked: when the page looked last, in seconds of this process.
    """

    material: Material
    workspace: Workspace
    part: Part
    chance: Random
    limit: float
    output: Output
    asked: int = 0
    looked: float = 0.0

    @property
    def queue(self) -> Queue:
        """As a page opens it."""
        return Queue(self.workspace)

    @property
    def root(self) -> Path:
        """Of the workspace."""
        return self.workspace.root

    def pids(self, *marks: str) -> list[int]:
        """Processes of this workspace whose command line holds one of some words."""
        found = []
        for process in psutil.process_iter(["pid", "cmdline"]):
            words = " ".join(process.info["cmdline"] or ())
            if str(self.root) in words and any(mark in words for mark in marks):
                found.append(int(process.info["pid"]))
        return found

    def keep_working(self) -> None:
        """Do what an open page does: see to it that there is a worker while there is work."""
        if time.monotonic() - self.looked < LOOK_SECONDS:
            return
        self.looked = time.monotonic()
        try:
            self.queue.reconcile()
            if self.queue.jobs(states=ACTIVE):
                starting.ensure_worker(self.workspace, ["--painter-after", "0"])
        except T2PError as error:
            self.output.line(f"    the page says: {error}")

    def wait_until_busy(self) -> bool:
        """Wait for a moment in the middle of the work; False when the work was over before."""
        if self.part == "training":
            step = self.chance.randrange(1, 14)
            return self._wait(lambda: self._trained() >= step and bool(self.pids(TRAINER)))
        cells = self.chance.randrange(0, CELLS - 1)
        found = self._wait(lambda: self._painted() >= cells and self.is_painting())
        time.sleep(self.chance.uniform(0.0, 0.15))
        return found and self.is_painting()

    def is_painting(self) -> bool:
        """Whether a painter lives and has cells before it."""
        states = {job.kind: job.state for job in self.queue.jobs()}
        at_work = states.get("grid.cells") is JobState.RUNNING
        painted = self._painted()
        return at_work and bool(self.pids(PAINTER)) and self._began() and painted < CELLS

    def new_jobs(self) -> list[Job]:
        """Jobs of this part; those before it ended long ago."""
        kinds = ("train.",) if self.part == "training" else ("grid.",)
        return [job for job in self.queue.jobs() if job.kind.startswith(kinds)]

    def run_to_the_end(self, is_done: Callable[[], bool]) -> bool:
        """Let everything end; failed jobs are tried again. False when it stands still."""
        return self._wait(lambda: self._is_over() and is_done() and self._is_told())

    def end(self) -> None:
        """End the processes of this workspace."""
        for pid in self.pids(WORKER, PAINTER, TRAINER, "lib_t2p"):
            try:
                psutil.Process(pid).kill()
                psutil.Process(pid).wait(10)
            except psutil.Error:
                continue

    def _wait(self, condition: Callable[[], bool]) -> bool:
        until = time.monotonic() + self.limit
        while time.monotonic() < until:
            self.keep_working()
            try:
                if condition():
                    return True
            except T2PError as error:
                self.output.line(f"    the page says: {error}")
            time.sleep(POLL_SECONDS)
        return False

    def _is_over(self) -> bool:
        jobs = self.queue.jobs()
        if any(not job.is_over for job in jobs):
            return False
        for job in jobs:
            if job.state is JobState.FINISHED or self._is_made_good(job, jobs):
                continue
            if job.kind == "unknown" or "which it needs" in job.reason or "It needs" in job.reason:
                continue  # junk of the trial; or it fell with another one, which is tried again
            if self.asked >= MOST_RETRIES:
                return True
            self.asked += 1
            self.output.line(f"    tried again: {job.kind}: {job.reason}")
            self.queue.retry(job.id)
            return False
        return True

    def _is_told(self) -> bool:
        """Whether each end is told, which follows right after it, or after the next recovery."""
        return all(last_events(self.workspace, job) for job in self.new_jobs())

    def _is_made_good(self, job: Job, jobs: list[Job]) -> bool:
        later = jobs[jobs.index(job) + 1 :]
        return any(one.kind == job.kind and one.params == job.params for one in later)

    def _trained(self) -> int:
        jobs = [job for job in self.queue.jobs() if job.kind == "train.run"]
        told = EventReader(self.workspace.job(jobs[-1].id).events).read_new() if jobs else []
        return max(
            (e.done for e in told if isinstance(e, Progress) and e.unit == "step"), default=0
        )

    def _painted(self) -> int:
        cells = person_of(self.workspace).grid(GRID).cells
        return len(list(cells.rglob("*.png"))) if cells.is_dir() else 0

    def _began(self) -> bool:
        jobs = [job for job in self.queue.jobs() if job.kind == "grid.cells"]
        told = EventReader(self.workspace.job(jobs[-1].id).events).read_new() if jobs else []
        return any(isinstance(event, Progress) and event.unit == "cell" for event in told)


def is_made(site: Site) -> bool:
    """Whether the last file of a part is there."""
    person = person_of(site.workspace)
    if site.part == "training":
        return any(person.run(RUN).model.glob("*.safetensors"))
    return person.grid(GRID).report.is_file()
