from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest
from job_helpers import environment, until

from lib_t2p.errors import JobError
from lib_t2p.jobs.processes.processes import (
    ProcessRecord,
    current_process,
    is_alive,
    launch,
    stop_tree,
)

WAIT = "import time\nwhile True: time.sleep(1)\n"
TREE = f"""
import subprocess, sys
wait = {WAIT!r}
inner = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', " + repr(wait) + "]"
outer = inner + ", start_new_session=True); print(p.pid, flush=True); p.wait()"
child = subprocess.Popen([sys.executable, "-c", outer])
print(child.pid, flush=True)
child.wait()
"""
ORPHANED = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {WAIT!r}])
print(child.pid, flush=True)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True: time.sleep(1)
"""
posix = pytest.mark.skipif(os.name == "nt", reason="groups and zombies are of Unix")


def start(tmp_path: Path, code: str) -> ProcessRecord:
    return launch(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(),
        stdout=tmp_path / "out.txt",
        stderr=tmp_path / "err.txt",
    )


def words(tmp_path: Path, count: int) -> list[str]:
    path = tmp_path / "out.txt"
    until(lambda: len(path.read_text().split()) >= count, f"{count} words of output")
    return path.read_text().split()


def test_output_is_appended_to_the_files(tmp_path: Path) -> None:
    (tmp_path / "out.txt").write_text("before\n")
    record = start(tmp_path, "import sys; print('out'); print('err', file=sys.stderr)")
    until(lambda: not is_alive(record), "it ends")
    assert (tmp_path / "out.txt").read_text().split() == ["before", "out"]
    assert (tmp_path / "err.txt").read_text().split() == ["err"]


def test_the_environment_is_the_given_one(tmp_path: Path) -> None:
    record = launch(
        [sys.executable, "-c", "import os; print(os.environ.get('A'), os.environ.get('HOME'))"],
        cwd=tmp_path,
        env={"A": "1"},
        stdout=tmp_path / "out.txt",
        stderr=tmp_path / "out.txt",
    )
    until(lambda: not is_alive(record), "it ends")
    assert (tmp_path / "out.txt").read_text().split() == ["1", "None"]


def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="no-such-program could not be started"):
        launch(
            [str(tmp_path / "no-such-program")],
            cwd=tmp_path,
            env={},
            stdout=tmp_path / "out.txt",
            stderr=tmp_path / "out.txt",
        )


def test_a_process_is_told_from_another_with_its_pid() -> None:
    me = current_process()
    assert is_alive(me)
    assert not is_alive(ProcessRecord(me.pid, me.created + 60))


@posix
def test_a_zombie_is_dead(tmp_path: Path) -> None:
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", ""], os.environ)
    record = ProcessRecord(pid, psutil.Process(pid).create_time())
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, "it is a zombie")
    assert not is_alive(record)
    os.waitpid(pid, 0)


@posix
def test_the_launched_process_leads_a_session_of_its_own(tmp_path: Path) -> None:
    record = start(tmp_path, WAIT)
    assert os.getsid(record.pid) == record.pid != os.getsid(0)
    stop_tree(record, 5)


@posix
def test_a_stop_reaches_grandchildren_that_left_the_group(tmp_path: Path) -> None:
    record = start(tmp_path, TREE)
    pids = [int(word) for word in words(tmp_path, 2)]
    assert len({os.getpgid(pid) for pid in pids}) == 2
    stop_tree(record, 5)
    assert not is_alive(record)
    until(lambda: not any(psutil.pid_exists(pid) for pid in pids), "all of the tree is gone")


@posix
def test_a_stop_reaches_a_child_whose_parent_is_dead(tmp_path: Path) -> None:
    record = start(tmp_path, ORPHANED)
    child = int(words(tmp_path, 1)[0])
    until(lambda: not is_alive(record), "the parent ends")
    assert psutil.pid_exists(child)
    stop_tree(record, 5)
    until(lambda: not psutil.pid_exists(child), "the orphan is gone")


@posix
def test_what_ignores_the_request_is_killed(tmp_path: Path) -> None:
    record = start(tmp_path, STUBBORN)
    words(tmp_path, 1)
    stop_tree(record, 0.2)
    assert not is_alive(record)


@posix
def test_a_reused_pid_is_not_stopped(tmp_path: Path) -> None:
    record = start(tmp_path, WAIT)
    stop_tree(ProcessRecord(record.pid, record.created - 60, record.argv), 1)
    assert is_alive(record)
    os.kill(record.pid, signal.SIGKILL)
    until(lambda: not is_alive(record), "it ends")


def test_stopping_a_dead_process_does_nothing(tmp_path: Path) -> None:
    record = start(tmp_path, "")
    until(lambda: not is_alive(record), "it ends")
    stop_tree(record, 1)
    assert not is_alive(record)
