from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import psutil
from job_helpers import python, until

from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.workspace.person import Workspace

SCRIPT = Path(__file__).with_name("fake_worker.py")


class Workers:
    """Starts real worker processes with a table of fake jobs; ends them with the test."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.queue = Queue(workspace)
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self.workspace.root / f"worker-{len(self.started)}.log").open("wb")
        worker = python(SCRIPT, str(self.workspace.root), *arguments, stdout=log, stderr=log)
        log.close()
        self.started.append(worker)
        return worker

    def serving(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one and wait until it beats."""
        worker = self.start(*arguments)
        beats = Heartbeats(self.workspace)
        until(lambda: worker.pid in [b.process.pid for b in beats.living("worker")], "it beats")
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def wait_for(self, job: Job, state: JobState) -> Job:
        def there() -> Job | None:
            now = self.queue.get(job.id)
            assert now.state is state or not now.is_over, f"{now.state}: {now.reason}"
            return now if now.state is state else None

        return until(there, f"{job.kind} is {state.value}")

    def end(self) -> None:
        for worker in self.started:
            for process in [*children(worker.pid), worker]:
                process.kill()
            worker.wait()


def children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
