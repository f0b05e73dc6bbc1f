from __future__ import annotations

import subprocess
import sys

import pytest

from lib_t2p.jobs.heartbeats import KEPT_SECONDS, STALE_SECONDS, Heartbeats
from lib_t2p.jobs.processes.processes import ProcessRecord, current_process
from lib_t2p.workspace.person import Workspace


@pytest.fixture
def beats(workspace: Workspace, clock: object) -> Heartbeats:
    return Heartbeats(workspace, clock)  # type: ignore[arg-type]


def test_a_process_that_beats_is_living_in_its_role_only(beats: Heartbeats) -> None:
    beats.beat("worker", current_process(), "v1")
    (found,) = beats.living("worker")
    assert (found.process.pid, found.code_version) == (current_process().pid, "v1")
    assert beats.living("host") == []


def test_a_process_that_stopped_beating_is_not_living(beats: Heartbeats, clock: object) -> None:
    beats.beat("host")
    clock.forward(STALE_SECONDS - 1)  # type: ignore[attr-defined]
    assert beats.living("host")
    clock.forward(2)  # type: ignore[attr-defined]
    assert beats.living("host") == []
    assert beats.last_seen("host") is not None


def test_a_dead_process_is_not_living_however_lately_it_beat(beats: Heartbeats) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    beats.beat("worker", ProcessRecord(child.pid, current_process().created), "v1")
    assert beats.living("worker") == []


def test_a_reused_pid_is_not_the_process_that_beat(beats: Heartbeats) -> None:
    me = current_process()
    beats.beat("worker", ProcessRecord(me.pid, me.created - 500), "v1")
    assert beats.living("worker") == []
    beats.beat("worker", me, "v2")
    (found,) = beats.living("worker")
    assert (found.code_version, found.beats) == ("v2", 1)


def test_a_process_learns_at_its_next_beat_that_it_is_to_leave(beats: Heartbeats) -> None:
    assert not beats.beat("worker").leave
    beats.ask_to_leave(beats.living("worker")[0])
    assert beats.beat("worker").leave


def test_a_process_that_said_goodbye_is_not_living_but_was_seen(
    beats: Heartbeats, clock: object
) -> None:
    beats.beat("host")
    beats.leave("host")
    assert beats.living("host") == []
    assert beats.last_seen("host") == clock.now  # type: ignore[attr-defined]
    beats.beat("host")
    assert beats.living("host")


def test_old_beats_are_forgotten(beats: Heartbeats, clock: object) -> None:
    beats.beat("host", ProcessRecord(1, 1.0))
    clock.forward(KEPT_SECONDS + 1)  # type: ignore[attr-defined]
    beats.beat("worker")
    assert beats.last_seen("host") is None
