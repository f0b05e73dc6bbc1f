"""What a trial does to its workspace: one function a kind; each says in words what it did."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.kills import shim
from benchmarks.kills.material import GRID, SEEDS, STEPS, WEIGHTS, Part, person_of
from benchmarks.kills.site import PAINTER, TRAINER, WORKER, Site
from lib_t2p.demo import demo_settings as settings
from lib_t2p.environment.definitions import ROOT
from lib_t2p.jobs.job import ACTIVE, Job

Fault = Callable[[Site], str]


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Attributes:
        title: in the table.
        do: does it.
        parts: of the work in which it is tried.
        busy: done in the middle of the work, else before anybody begins.
        submits: it submits the work itself.
        small_disk: the workspace lies on a disk of its own that can be filled.
    """

    title: str
    do: Fault
    parts: tuple[Part, ...] = ("training", "painting")
    busy: bool = True
    submits: bool = False
    small_disk: bool = False


def kill(*marks: str) -> Fault:
    """SIGKILL for processes."""

    def do(site: Site) -> str:
        pids = site.pids(*marks)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return f"killed {len(pids)}"

    return do


def kill_host_command(site: Site) -> str:
    """Kill the command that submits a grid, then type it again."""
    person = person_of(site.workspace)
    command = [sys.executable, "-m", "lib_t2p.cli", "grid", person.slug]
    command += ["--workspace", str(site.root), "--name", GRID]
    wanted = ["--run", "first", "--epochs", "2-3", "--prompt", "photo of {trigger} woman"]
    wanted += ["--weights", ",".join(map(str, WEIGHTS)), "--seeds", ",".join(map(str, SEEDS))]
    wanted += ["--steps", str(STEPS), "--cfg", "2.0", "--sampler", settings.SAMPLER]
    wanted += ["--size", str(settings.PIXELS)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    options: dict[str, Any] = {"env": environment, "cwd": ROOT, "stdout": subprocess.DEVNULL}
    grid = person.grid(GRID)
    told, doomed = [], 0
    for _ in range(2):
        child = subprocess.Popen([*command, *wanted], stderr=subprocess.DEVNULL, **options)
        doomed += 1
        until = time.monotonic() + 60
        while child.poll() is None and not grid.plan.exists() and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(site.chance.uniform(0.0, 0.4))
        child.kill()
        child.wait()
        told.append(f"with {len([j for j in site.queue.jobs() if j.kind[:5] == 'grid.'])} jobs")
        if grid.plan.exists():
            break
    # What a person does whose command was cut off: look, and let it go on.
    jobs = [job for job in site.queue.jobs() if job.kind.startswith("grid.")]
    if not any(job.kind == "grid.report" for job in jobs):
        site.run_to_the_end(lambda: True)
        how = ["--go-on"] if grid.plan.exists() else wanted
        done = subprocess.Popen([*command, *how], stderr=subprocess.DEVNULL, **options)
        while done.poll() is None and not any(
            job.kind == "grid.report" for job in site.queue.jobs()
        ):
            time.sleep(0.1)
        done.kill()
        done.wait()
    return f"{doomed} commands killed, {', '.join(told)}"


def delete_database(site: Site) -> str:
    """Its main file, or all of it."""
    ending = site.chance.choice(("", "*"))
    names = ("t2p.sqlite", "t2p.sqlite-wal", "t2p.sqlite-shm") if ending else ("t2p.sqlite",)
    found = [site.root / name for name in names if (site.root / name).exists()]
    for path in found:
        path.unlink(missing_ok=True)
    return ", ".join(path.name for path in found) + " deleted"


def truncate_database(site: Site) -> str:
    """At a place that chance says."""
    size = site.workspace.database.stat().st_size
    left = site.chance.randrange(size) if size else 0
    with site.workspace.database.open("r+b") as file:
        file.truncate(left)
    return f"{left} of {size} bytes left"


def zero_database(site: Site) -> str:
    """All of it, or one page."""
    data = bytearray(site.workspace.database.read_bytes())
    first = site.chance.choice((0, site.chance.randrange(len(data) // 4096 or 1) * 4096))
    length = len(data) if site.chance.random() < 0.5 else 4096
    data[first : first + length] = bytes(len(data[first : first + length]))
    _overwrite(site.workspace.database, bytes(data))
    return f"{length} bytes from {first}"


def change_byte(site: Site) -> str:
    """One of the database; half of them in its schema."""
    data = bytearray(site.workspace.database.read_bytes())
    at = site.chance.randrange(4096 if site.chance.random() < 0.5 else len(data))
    data[at] = site.chance.randrange(256)
    _overwrite(site.workspace.database, bytes(data))
    return f"byte {at} is {data[at]}"


def damage_log(site: Site) -> str:
    """The write-ahead log and its index."""
    told = []
    for ending in ("-wal", "-shm"):
        path = site.root / f"t2p.sqlite{ending}"
        with suppress(OSError):
            if ending == "-shm" or site.chance.random() < 0.5:
                path.unlink()
            else:
                _overwrite(path, site.chance.randbytes(path.stat().st_size))
            told.append(ending)
    return f"{', '.join(told) or 'none there'} damaged"


def copy_job_folders(site: Site) -> str:
    """As a file manager names them, and under the id of another job; the database goes as well."""
    jobs = site.queue.jobs()
    for job in jobs:
        shutil.copytree(_folder(site, job), site.workspace.jobs / f"{job.id} - Copy")
    shutil.copytree(_folder(site, jobs[-1]), site.workspace.jobs / "20200101-000000-99999")
    return f"{len(jobs) + 1} copies, {delete_database(site)}"


def remove_job_folders(site: Site) -> str:
    """Of what waits or is at work, while the database knows it."""
    jobs = [job for job in site.queue.jobs() if job.state in ACTIVE]
    for job in jobs:
        shutil.rmtree(_folder(site, job), ignore_errors=True)
    return f"{len(jobs)} folders removed"


def edit_records(site: Site) -> str:
    """Odd types where they can be read all the same, junk beside; the database goes as well."""
    jobs = [job for job in site.queue.jobs() if job.state in ACTIVE]
    for job in jobs:
        path = site.workspace.job(job.id).record
        record = json.loads(path.read_text(encoding="utf-8"))
        record.update(
            created=str(record["created"]), deaths=None, rank=[], reason=7, device={}, more=1e999
        )
        del record["ended"]
        path.write_text(json.dumps(record), encoding="utf-8")
    (site.workspace.jobs / "notes.txt").write_text("mine")
    (site.workspace.jobs / "20200101-000000-00077").symlink_to(site.root / "nowhere")
    junk = site.workspace.job("20200101-000000-00078")
    junk.root.mkdir()
    junk.record.write_bytes(b"\xff\xfe{")
    if site.chance.random() < 0.5:
        (site.workspace.job(jobs[0].id).events).open("ab").write(b'{"v":1,"type":"progress","t')
    return f"{len(jobs)} records edited, {delete_database(site)}"


def break_records(site: Site) -> str:
    """Nothing of them can be read, while the database knows the jobs."""
    jobs = [job for job in site.queue.jobs() if job.state in ACTIVE]
    for job in jobs:
        data = site.chance.choice((b"", b"\0" * 99, b"[]", b'{"schema": 2, "state": NaN}'))
        site.workspace.job(job.id).record.write_bytes(data)
    return f"{len(jobs)} records broken"


def fill_disk(site: Site) -> str:
    """For some seconds nothing more fits."""
    seconds = site.chance.uniform(4.0, 9.0)
    if os.path.ismount(site.root):
        ballast = site.root / "ballast"
        with suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(bytes(1 << 14))
                file.flush()
        time.sleep(seconds)
        ballast.unlink()
        return f"full for {seconds:.0f} s"
    shim.full_file(site.material.hooks).write_text(str(site.root))
    time.sleep(seconds)
    shim.full_file(site.material.hooks).unlink()
    return f"full for {seconds:.0f} s, by a shim"


def move_clock(site: Site) -> str:
    """By hours or days, forth or back, and half of the times home again."""
    hours = site.chance.choice((-72.0, -5.0, -1.0, 1.0, 5.0, 24.0 * 9))
    told = shim.clock_file(site.material.hooks)
    told.write_text(str(hours * 3600))
    if site.chance.random() < 0.5:
        time.sleep(site.chance.uniform(1.0, 5.0))
        told.write_text("0")
        return f"{hours:+.0f} h and back"
    return f"{hours:+.0f} h"


def _folder(site: Site, job: Job) -> Path:
    return site.workspace.job(job.id).root


def _overwrite(path: Path, data: bytes) -> None:
    """In place: the file stays the one that others hold open."""
    with path.open("r+b") as file:
        file.write(data)


PAINTER_KILL = Kind("painter killed in a cell", kill(PAINTER), ("painting",))
KINDS = (
    Kind("worker killed", kill(WORKER)),
    Kind("trainer killed", kill(TRAINER), ("training",)),
    Kind("all killed at once", kill(WORKER, PAINTER, TRAINER)),
    Kind("host command killed", kill_host_command, ("painting",), busy=False, submits=True),
    Kind("database deleted, idle", delete_database, busy=False),
    Kind("database deleted, busy", delete_database),
    Kind("database truncated, idle", truncate_database, busy=False),
    Kind("database truncated, busy", truncate_database),
    Kind("database zeroed, idle", zero_database, busy=False),
    Kind("database zeroed, busy", zero_database),
    Kind("one byte changed, idle", change_byte, busy=False),
    Kind("one byte changed, busy", change_byte),
    Kind("WAL and SHM damaged", damage_log),
    Kind("job folders copied", copy_job_folders),
    Kind("job folders removed", remove_job_folders),
    Kind("job.json edited", edit_records),
    Kind("job.json broken", break_records),
    Kind("disk full", fill_disk, small_disk=True),
    Kind("clock moved", move_clock),
)
