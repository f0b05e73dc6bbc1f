"""What the kills benchmark plans and concludes, on outcomes whose answer is known."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.kills import shim
from benchmarks.kills.faults import KINDS, PAINTER_KILL
from benchmarks.kills.outcome import Outcome, compare
from benchmarks.kills.trials import schedule
from lib_t2p.jobs.events.events import Finished, append_event
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace")


def test_forty_trials_hold_every_kind_and_ten_painters() -> None:
    counted = Counter(kind.title for kind, _ in schedule(40))
    assert counted[PAINTER_KILL.title] == 10
    assert set(counted) == {PAINTER_KILL.title, *(kind.title for kind in KINDS)}
    assert all(part in kind.parts for kind, part in schedule(40))


def test_one_kind_can_be_tried_alone() -> None:
    assert {kind.title for kind, _ in schedule(3, "disk")} == {"disk full"}


def test_the_same_as_the_undisturbed_run_is_good(workspace: Workspace) -> None:
    queue = Queue(workspace)
    job = queue.finish(queue.submit("train.run", {}, lane="gpu").id, {})
    made = Outcome({"model a": "1"})
    assert compare(workspace, made, made, [job]).good


def test_what_is_missing_differs_or_is_more_is_named(workspace: Workspace) -> None:
    found, wanted = Outcome({"a": "1", "c": "1"}), Outcome({"a": "2", "b": "1"})
    verdict = compare(workspace, found, wanted, [])
    assert [phrase.split(" (")[0] for phrase in verdict.lost] == ["a differs", "b is missing"]
    assert verdict.doubled == ["c is more"]


def test_ends_that_are_told_twice_or_never_are_named(workspace: Workspace) -> None:
    queue = Queue(workspace)
    twice, never = (queue.submit("train.run", {"n": n}, lane="gpu") for n in range(2))
    twice, never = queue.finish(twice.id, {}), queue.finish(never.id, {})
    append_event(workspace.job(twice.id).events, Finished(1.0, {}))
    workspace.job(never.id).events.unlink()
    nothing = Outcome({})
    verdict = compare(workspace, nothing, nothing, [twice, never])
    assert verdict.lost == [f"0 last events of train.run ({never.id})"]
    assert verdict.doubled == [
        "train.run ended well 2 times",
        f"2 last events of train.run ({twice.id})",
    ]


def test_the_disk_of_a_trial_is_full_only_below_its_workspace(
    tmp_path: Path,
) -> None:
    shim.full_file(tmp_path).write_text(str(tmp_path / "workspace"))
    assert shim._is_full(tmp_path, tmp_path / "workspace" / "job.json")
    assert not shim._is_full(tmp_path, tmp_path / "elsewhere")
    shim.full_file(tmp_path).unlink()
    assert not shim._is_full(tmp_path, tmp_path / "workspace" / "job.json")
