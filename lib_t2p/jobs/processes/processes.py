"""Starting, recognising and stopping processes, by pid and creation time."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from lib_t2p import platforms
from lib_t2p.errors import JobError

_SAME_PROCESS_SECONDS = 1.0
"""Creation times are computed from the boot time, which is rounded: two readings may differ."""

_children: dict[int, subprocess.Popen[bytes]] = {}
_children_lock = threading.Lock()


@dataclass(frozen=True)
class ProcessRecord:
    """What is kept of a process so that it can be recognised later.

    Attributes:
        pid: its number, which the system may give to another process once this one is dead.
        created: when it began, by a clock that does not jump where the system has one (see
            `platforms.process_start`), else Unix seconds as psutil tells them.
        argv: what was started.
    """

    pid: int
    created: float
    argv: tuple[str, ...] = ()


def current_process() -> ProcessRecord:
    """The record of this process."""
    return process_record(os.getpid())


def process_record(pid: int, argv: Sequence[str] = ()) -> ProcessRecord:
    """The record of a process that runs."""
    return ProcessRecord(pid, _created(pid), tuple(argv))


def launch(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stdout: Path,
    stderr: Path,
) -> ProcessRecord:
    """Start a program in a group of its own, without a shell and without pipes.

    Args:
        argv: program and arguments.
        cwd: working folder.
        env: the whole environment.
        stdout: file that the output is appended to.
        stderr: file that the error stream is appended to; may be the same.

    Raises:
        JobError: the program cannot be started, or a file cannot be opened.
    """
    try:
        stdout.parent.mkdir(parents=True, exist_ok=True)
        stderr.parent.mkdir(parents=True, exist_ok=True)
        with stdout.open("ab") as out, stderr.open("ab") as err:
            child = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                close_fds=True,
                **platforms.own_group_options(),
            )
    except OSError as error:
        raise JobError(f"{argv[0]} could not be started: {error.strerror or error}.") from error
    with _children_lock:
        _children[child.pid] = child
    return process_record(child.pid, argv)


def is_alive(record: ProcessRecord) -> bool:
    """Whether this very process still runs; a zombie and a reused pid count as dead."""
    with _children_lock:
        child = _children.get(record.pid)
        if child is not None and child.poll() is not None:
            del _children[record.pid]
    return _find(record) is not None


def stop_tree(record: ProcessRecord, grace_seconds: float = 10.0) -> None:
    """Stop a process with all that it started, also children that left its group.

    Asks first, and kills what still runs after `grace_seconds`. A dead process whose group
    still has members is handled too; one whose pid was reused is left alone.
    """
    tree = _tree(record)
    for process in tree:
        _signal(process, gently=True)
    psutil.wait_procs(tree, timeout=grace_seconds)
    remaining = _unique([*tree, *_tree(record)])
    for process in remaining:
        _signal(process, gently=False)
    psutil.wait_procs(remaining, timeout=5)
    is_alive(record)


def _tree(record: ProcessRecord) -> list[psutil.Process]:
    root = _find(record)
    found: list[psutil.Process] = []
    if root is not None:
        found = [root, *_descendants(root)]
    elif psutil.pid_exists(record.pid) and not _is_zombie(record):
        return []
    for process in psutil.process_iter():
        if process.pid != os.getpid() and platforms.in_group(process.pid, record.pid):
            found += [process, *_descendants(process)]
    return [process for process in _unique(found) if _runs(process)]


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _unique(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    return list(dict.fromkeys(processes))


def _signal(process: psutil.Process, *, gently: bool) -> None:
    try:
        if gently:
            process.terminate()
        else:
            process.kill()
    except psutil.Error:
        return


def _find(record: ProcessRecord) -> psutil.Process | None:
    try:
        process = psutil.Process(record.pid)
        same = _is_same(process, record)
    except psutil.Error:
        return None
    return process if same and _runs(process) else None


def _is_zombie(record: ProcessRecord) -> bool:
    try:
        process = psutil.Process(record.pid)
        same = _is_same(process, record)
        return same and not _runs(process)
    except psutil.Error:
        return True


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() not in (
            psutil.STATUS_ZOMBIE,
            psutil.STATUS_DEAD,
        )
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _is_same(process: psutil.Process, record: ProcessRecord) -> bool:
    steady = platforms.process_start(process.pid)
    born = (process.create_time(), *(() if steady is None else (steady,)))
    return any(abs(one - record.created) < _SAME_PROCESS_SECONDS for one in born)


def _created(pid: int) -> float:
    steady = platforms.process_start(pid)
    if steady is not None:
        return steady
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        # Gone before it could be asked: no process was created at second 0.
        return 0.0
