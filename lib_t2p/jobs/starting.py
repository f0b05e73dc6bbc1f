"""Starting the worker and the painter process when none lives; safe to call at any time."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from lib_t2p import platforms
from lib_t2p.environment import CORE, ROOT, Paths, clean_variables
from lib_t2p.errors import SetupError
from lib_t2p.jobs.events.tail import Tail
from lib_t2p.jobs.heartbeats import Heartbeats, Role
from lib_t2p.jobs.job import Job
from lib_t2p.jobs.leases import Leases
from lib_t2p.jobs.processes.processes import is_alive, launch
from lib_t2p.jobs.queue import ACTIVE, Queue
from lib_t2p.jobs.submission import Submission
from lib_t2p.workspace import Workspace

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder `lib_t2p`."""


def code_version(package: Path = PACKAGE) -> str:
    """A short hash over path, size and time of every source file of the package.

    Contents are not read, so that it takes milliseconds and can be asked at each submission.
    """
    digest = hashlib.sha256()
    for entry in sorted(_sources(package)):
        digest.update("\0".join(map(str, entry)).encode("utf-8"))
    return digest.hexdigest()[:16]


def _sources(package: Path) -> list[tuple[str, int, int]]:
    found = []
    for folder, folders, names in os.walk(package):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            if name.endswith(".py"):
                path = Path(folder, name)
                stat = path.stat()
                relative = path.relative_to(package).as_posix()
                found.append((relative, stat.st_size, stat.st_mtime_ns))
    return found


WORKER = "lib_t2p.worker"
PAINTER = "lib_t2p.hosts.standalone.painter_process"
STARTING_SECONDS = 15.0
FAILED_STARTS = 3
FAILED_START_WINDOW = 120.0


def ensure_worker(workspace: Workspace, arguments: Sequence[str] = ()) -> None:
    """Start a worker unless one with the code that lies on disk lives.

    A worker with older code is asked to leave after its job; the new one waits for that.

    Args:
        workspace: to be served.
        arguments: further ones, such as `--idle-exit 60`; unused when a worker lives.

    Raises:
        SetupError: it died before it could begin, several times in a row.
    """
    _ensure(workspace, "worker", WORKER, arguments)


def ensure_painter(
    workspace: Workspace, arguments: Sequence[str] = (), variables: Mapping[str, str] | None = None
) -> None:
    """Start our own painter process unless one lives; raises as `ensure_worker`.

    Args:
        workspace: to be served.
        arguments: further ones.
        variables: further environment variables, such as the device that it is to use.
    """
    _ensure(workspace, "painter", PAINTER, arguments, variables or {})


def submit(workspace: Workspace, *wanted: Submission, once: bool = True) -> list[Job]:
    """Queue jobs that belong together, all or none, and see to it that a worker lives.

    Args:
        workspace: whose queue it is.
        wanted: in the order in which they are queued; each may need those before it.
        once: whether nothing is queued while the same job waits or works.

    Raises:
        JobError: as `Queue.submit_all`.
        SetupError: as `ensure_worker`.
    """
    # Asked and queued in one go: a second click comes from another thread.
    jobs = Queue(workspace).submit_all(wanted, once=once)
    ensure_worker(workspace)
    return jobs


def wake(workspace: Workspace) -> bool:
    """Go on with what waits or was left by a crash; gives whether there is anything.

    Raises:
        SetupError: as `ensure_worker`.
    """
    queue = Queue(workspace)
    queue.reconcile()
    if not queue.jobs(states=ACTIVE):
        return False
    ensure_worker(workspace)
    return True


def core_python(root: Path = ROOT) -> str:
    """The interpreter of `.envs/core` once that is complete, else the one that runs this."""
    core = Paths(root, CORE)
    return str(platforms.venv_python(core.folder)) if core.stamp.exists() else sys.executable


def child_environment(environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> dict[str, str]:
    """The environment of worker and painter: ours, free of what the host set for its own Python.

    A waiting OpenMP thread that spins would take a core away from the trainer.
    """
    return {
        **clean_variables(environ),
        "PYTHONPATH": str(root),
        "OMP_WAIT_POLICY": "PASSIVE",
    }


def _ensure(
    workspace: Workspace,
    role: Role,
    module: str,
    arguments: Sequence[str],
    variables: Mapping[str, str] = MappingProxyType({}),
) -> None:
    version = code_version()
    if _serves(workspace, role, version):
        return
    owner = f"starting {os.getpid()}"
    with Leases(workspace).held(f"start {role}", owner, STARTING_SECONDS) as free:
        if free and not _serves(workspace, role, version):
            _start(workspace, role, [module, *arguments], variables, version)


def _serves(workspace: Workspace, role: Role, version: str) -> bool:
    beats = Heartbeats(workspace)
    serving = False
    for beat in beats.living(role):
        if beat.code_version == version and not beat.leave:
            serving = True
        elif not beat.leave:
            beats.ask_to_leave(beat)
    return serving


def _start(
    workspace: Workspace,
    role: Role,
    command: Sequence[str],
    variables: Mapping[str, str],
    version: str,
) -> None:
    log = workspace.logs / f"{role}.log"
    _refuse_after_failed_starts(workspace, role, log)
    process = launch(
        [core_python(), "-m", command[0], "--workspace", str(workspace.root), *command[1:]],
        cwd=workspace.root,
        env={**child_environment(), **variables},
        stdout=log,
        stderr=log,
    )
    # Vouched for until its own first beat, so that nobody starts a second one meanwhile.
    Heartbeats(workspace).beat(role, process, version)


def _refuse_after_failed_starts(workspace: Workspace, role: Role, log: Path) -> None:
    now = time.time()
    failed = [
        beat
        for beat in Heartbeats(workspace).all(role)
        if beat.beats == 1
        and abs(now - beat.first) <= FAILED_START_WINDOW
        and not is_alive(beat.process)
    ]
    if len(failed) >= FAILED_STARTS:
        last = _last_line(log)
        raise SetupError(f"The {role} could not be started ({last}): see {log} for all of it.")


def _last_line(log: Path) -> str:
    size = log.stat().st_size if log.exists() else 0
    lines = Tail(log, max(0, size - 4096)).read_new().strip().splitlines()
    return lines[-1].strip() if lines else "it left no message"
