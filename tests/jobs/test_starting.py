from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from job_helpers import until

from lib_t2p import platforms
from lib_t2p.environment.definitions import CORE, Paths
from lib_t2p.errors import SetupError
from lib_t2p.jobs import starting
from lib_t2p.jobs.heartbeats import Heartbeat, Heartbeats
from lib_t2p.jobs.processes.processes import is_alive
from lib_t2p.jobs.queue import Queue
from lib_t2p.jobs.starting import child_environment, code_version, core_python, ensure_worker, wake
from lib_t2p.workspace.person import Workspace

BEATER = """
import argparse, sys, time
from pathlib import Path
from lib_t2p.jobs.starting import code_version
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.workspace import open_workspace
parser = argparse.ArgumentParser()
parser.add_argument("--workspace", type=Path)
beats = Heartbeats(open_workspace(parser.parse_args().workspace))
while not beats.beat("worker", None, code_version()).leave:
    time.sleep(0.05)
beats.leave("worker")
"""


@pytest.fixture
def beats(workspace: Workspace) -> Heartbeats:
    return Heartbeats(workspace)


@pytest.fixture(autouse=True)
def _small_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beats: Heartbeats
) -> Iterator[None]:
    (tmp_path / "small_worker.py").write_text(BEATER)
    plain = starting.child_environment()
    path = f"{plain['PYTHONPATH']}{';' if sys.platform == 'win32' else ':'}{tmp_path}"
    monkeypatch.setattr(starting, "child_environment", lambda: {**plain, "PYTHONPATH": path})
    monkeypatch.setattr(starting, "WORKER", "small_worker")
    monkeypatch.setattr(starting, "core_python", lambda: sys.executable)
    yield
    for beat in beats.living("worker"):
        psutil.Process(beat.process.pid).kill()


def living(beats: Heartbeats) -> list[Heartbeat]:
    """Workers that beat by themselves."""
    return until(lambda: [b for b in beats.living("worker") if b.beats > 1], "a worker beats")


def test_one_worker_is_started_however_often_it_is_asked_for(
    workspace: Workspace, beats: Heartbeats
) -> None:
    for _ in range(3):
        ensure_worker(workspace)
    (first,) = living(beats)
    ensure_worker(workspace)
    assert len(beats.all("worker")) == 1
    assert first.code_version == code_version()


def test_a_killed_worker_is_replaced(workspace: Workspace, beats: Heartbeats) -> None:
    ensure_worker(workspace)
    (first,) = living(beats)
    psutil.Process(first.process.pid).kill()
    until(lambda: not is_alive(first.process), "it is dead")
    ensure_worker(workspace)
    (second,) = living(beats)
    assert second.process.pid != first.process.pid


def test_a_worker_with_older_code_is_asked_to_leave(
    workspace: Workspace, beats: Heartbeats, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_worker(workspace)
    (old,) = living(beats)
    monkeypatch.setattr(starting, "code_version", lambda: "newer")
    ensure_worker(workspace)
    until(lambda: not is_alive(old.process), "the old one leaves")
    assert len(beats.all("worker")) == 2


def test_a_worker_that_dies_at_its_start_is_told_with_its_last_words(
    workspace: Workspace, beats: Heartbeats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "WORKER", "no_such_module")
    for count in range(starting.FAILED_STARTS):
        ensure_worker(workspace)
        assert len(beats.all("worker")) == count + 1
        until(lambda: not beats.living("worker"), "it dies")
    with pytest.raises(SetupError, match=r"could not be started \(.*no_such_module\): see"):
        ensure_worker(workspace)


def test_the_environment_of_a_child_has_our_sources_and_a_patient_openmp() -> None:
    env = child_environment({"PYTHONHOME": "/host", "VIRTUAL_ENV": "/host", "A": "1"}, Path("/x"))
    assert env["PYTHONPATH"] == str(Path("/x"))
    assert env["OMP_WAIT_POLICY"] == "PASSIVE"
    assert env["A"] == "1"
    assert not {"PYTHONHOME", "VIRTUAL_ENV"} & env.keys()


def test_our_own_environment_is_used_once_it_is_built(tmp_path: Path) -> None:
    assert core_python(tmp_path) == sys.executable
    core = Paths(tmp_path, CORE)
    core.folder.mkdir(parents=True)
    assert core_python(tmp_path) == sys.executable
    core.stamp.touch()
    assert core_python(tmp_path) == str(platforms.venv_python(core.folder))


def test_the_code_version_follows_every_source_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "room").mkdir()
    first = code_version(tmp_path)
    (tmp_path / "room" / "note.txt").write_text("no source")
    assert code_version(tmp_path) == first
    (tmp_path / "room" / "b.py").write_text("2")
    second = code_version(tmp_path)
    (tmp_path / "room" / "b.py").write_text("22")
    assert len({first, second, code_version(tmp_path)}) == 3


def test_a_workspace_is_woken_only_when_something_is_left(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Workspace] = []
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda one, *_: started.append(one))
    assert not wake(workspace)
    job = Queue(workspace).submit("a", {}, lane="light")
    assert wake(workspace)
    Queue(workspace).finish(job.id, {})
    assert not wake(workspace)
    assert started == [workspace]
