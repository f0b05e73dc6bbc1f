"""Studio and worker for an hour: memory must stay flat, long lists must open at once.

    python -m benchmarks.soak --minutes 60
    python -m benchmarks.soak --minutes 3             # to see that it works; says nothing of drift

A real studio and a real worker serve a temporary workspace with 10,000 jobs and 5,000 photos.
Chromium changes tabs all the time; photos come in, are looked at and built into datasets, short
runs are trained, small grids painted and scored, pages written. Every 15 seconds the memory of
both processes is read. What is judged is the memory of their own (USS): the mean of each ten
minutes after the tenth against that of the first ten of them. Ctrl-C prints what there is by then.

The code must not change meanwhile: a worker of older code is replaced, and its memory starts anew.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.cells_table import browser_page
from benchmarks.soak_memory import ALLOWED, MemorySampler, Sample, drift_of, rows_of
from benchmarks.soak_page import LIMIT, load_page, open_jobs, open_photos, tour
from benchmarks.soak_work import Work
from benchmarks.soak_workspace import make_workspace
from lib_t2p.cli_output import Output
from lib_t2p.hosts.standalone.ports import ADDRESS, free_port
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.workspace.person import Workspace

ROLES = ("studio", "worker")
FIRST_PORT = 18_870
RELOAD = 10
"""Tours after which the page is loaded anew."""
FRESH_SECONDS = 90.0


@dataclass
class Soaked:
    """What came out.

    Attributes:
        samples: of the memory.
        opened: list -> seconds of each time that it was opened.
        seen: tabs that were shown.
        faults: what went wrong in the page, a sentence each.
        loads: when, and how many processes of the machine waited for its cores.
        whole: whether the time was up, not the person's patience.
    """

    samples: list[Sample] = field(default_factory=list)
    opened: dict[str, list[float]] = field(default_factory=dict)
    seen: int = 0
    faults: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    whole: bool = False


def soak(root: Path, minutes: float, jobs: int, photos: int, every: float) -> tuple[Soaked, Work]:
    """Run it; an interruption gives what there is by then.

    Args:
        root: a temporary folder.
        minutes: how long.
        jobs, photos: made up front.
        every: seconds between two looks at the memory.
    """
    person = make_workspace(root, jobs, photos)
    workspace, found = person.workspace, Soaked()
    work = Work(workspace, root)
    with _studio(workspace, root) as (process, address), _ends_workers(workspace):
        pids = {"studio": lambda: process.pid, "worker": lambda: _worker(workspace)}
        with MemorySampler(pids, every) as sampler, suppress(KeyboardInterrupt):
            found.samples = sampler.samples
            with browser_page() as page:
                _open_lists(page, address, found, "quiet")
                with work:
                    _visit(page, address, found, sampler, minutes)
                    _open_lists(page, address, found, "busy")
            found.whole = True
    return found, work


def _visit(page: Any, address: str, found: Soaked, sampler: MemorySampler, minutes: float) -> None:
    from playwright.sync_api import Error

    tours = 0
    while sampler.minute < minutes:
        try:
            found.seen += tour(page, lambda: sampler.minute < minutes)
        except Error as error:
            found.faults.append(f"minute {sampler.minute:.1f}: {str(error).splitlines()[0]}")
            page.goto(address)
        tours += 1
        if tours % RELOAD == 0:
            load_page(page, address)


def _open_lists(page: Any, address: str, found: Soaked, when: str) -> None:
    for _ in range(2):
        for name, act in (("page", load_page), ("jobs", open_jobs), ("photos", open_photos)):
            found.opened.setdefault(f"{name}, {when}", []).append(act(page, address))
    found.loads.append(f"{when} {psutil.getloadavg()[0]:.1f}")


@contextmanager
def _studio(workspace: Workspace, root: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port(FIRST_PORT)
    command = [sys.executable, "-m", "lib_t2p.hosts.standalone", "--no-browser"]
    command += ["--port", str(port), "--workspace", str(workspace.root)]
    with (root / "studio.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    address = f"http://{ADDRESS}:{port}/"
    try:
        _wait_until_served(address, process, root / "studio.log")
        yield process, address
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


def _wait_until_served(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + FRESH_SECONDS
    while time.monotonic() < until:
        with suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        if process.poll() is not None:
            break
        time.sleep(0.5)
    raise SystemExit(f"The studio did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def _worker(workspace: Workspace) -> int | None:
    living = [beat for beat in Heartbeats(workspace).living("worker") if not beat.leave]
    return living[-1].process.pid if living else None


@contextmanager
def _ends_workers(workspace: Workspace) -> Iterator[None]:
    """End worker and painter with all that they started."""
    try:
        yield
    finally:
        beats = Heartbeats(workspace)
        for beat in [*beats.living("worker"), *beats.living("painter")]:
            with suppress(psutil.Error):
                process = psutil.Process(beat.process.pid)
                for one in [*process.children(recursive=True), process]:
                    with suppress(psutil.Error):
                        one.kill()


def report(output: Output, found: Soaked, work: Work, minutes: float) -> bool:
    """Print everything; gives whether all claims hold."""
    header = ["minute", *(f"{role} {part}" for role in ROLES for part in ("MB", "own MB"))]
    output.table(header, rows_of(found.samples, ROLES, 1.0 if minutes >= 10 else 0.5))
    done = ", ".join(f"{n} {kind} {state}" for (kind, state), n in sorted(work.ended.items()))
    output.line(f"Tabs shown: {found.seen}. Jobs that ended meanwhile: {done or 'none'}.")
    for fault in [*found.faults, *sorted(set(work.reasons))]:
        output.line(f"  {fault}")
    good = [_told_drift(output, found.samples, role, minutes) for role in ROLES]
    good += [_told_opening(output, name, times) for name, times in found.opened.items()]
    cores = f"{psutil.cpu_count()} cores"
    output.line(f"load of the machine meanwhile: {', '.join(found.loads)} ({cores})")
    if not found.whole:
        output.line("Interrupted: this is what there was by then.")
    return all(good) and found.whole and not found.faults


def _told_drift(output: Output, samples: Sequence[Sample], role: str, minutes: float) -> bool:
    drift = drift_of(samples, role)
    if drift is None:
        output.line(f"{role}: no drift told, since it takes half an hour to see one.")
        return minutes < 30
    output.line(
        f"{role}: {drift.settled:.0f} MB of its own in minutes 10 to 20, {drift.last:.0f} MB at "
        f"the end, at worst {drift.worst:.0f} MB: {drift.share:+.1%} "
        f"({ALLOWED:.0%} allowed): {'holds' if drift.holds else 'DOES NOT HOLD'}"
    )
    return drift.holds


def _told_opening(output: Output, name: str, times: Sequence[float]) -> bool:
    told = " and ".join(f"{seconds:.2f}" for seconds in times)
    judged = name.startswith(("jobs", "photos"))
    holds = max(times) < LIMIT
    words = f" ({LIMIT:.0f} s allowed): {'holds' if holds else 'DOES NOT HOLD'}" if judged else ""
    output.line(f"opening the {name}: {told} s{words}")
    return holds or not judged


def main(argv: Sequence[str] | None = None) -> int:
    """Run and print; 1 when a claim does not hold or it was interrupted."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--photos", type=int, default=5_000)
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two samples")
    given = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="t2p-soak-", ignore_cleanup_errors=True) as folder:
        os.environ["GRADIO_TEMP_DIR"] = str(Path(folder) / "gradio")
        found, work = soak(
            Path(folder), given.minutes, given.jobs, given.photos, min(given.every, 15.0)
        )
        holds = report(Output(), found, work, given.minutes)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
