from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lib_t2p.actions import job_queue as actions
from lib_t2p.actions.job_queue import clock_text, parse_when
from lib_t2p.cli import __main__ as cli
from lib_t2p.errors import InputError, JobError
from lib_t2p.jobs.queue import Job, JobState, Queue
from lib_t2p.workspace.person import Workspace, open_workspace

NOW = datetime(2026, 11, 23, 21, 15, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[Workspace]:
    calls: list[Workspace] = []
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda one, *_: calls.append(one))
    return calls


@pytest.fixture
def workspace(tmp_path: Path, woken: list[Workspace]) -> Workspace:
    return open_workspace(tmp_path / "workspace")


def run_job(workspace: Workspace, name: str) -> Job:
    params = {"person": "ann", "run": name}
    return Queue(workspace).submit("train.run", params, lane="gpu", person="ann")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("22:30", "2026-11-23T22:30:00+01:00"),
        (" 9.05 ", "2026-11-24T09:05:00+01:00"),
        ("21:15", "2026-11-24T21:15:00+01:00"),
        ("2026-12-01 06:00", "2026-12-01T06:00:00+01:00"),
        ("2026-11-23T20:30:00+00:00", "2026-11-23T20:30:00+00:00"),
    ],
)
def test_a_time_is_read_as_people_type_it(text: str, moment: str) -> None:
    assert parse_when(text, NOW).isoformat() == moment


@pytest.mark.parametrize("text", ["", "soon", "25:00", "12:61", "2026-13-01 10:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"is no time.*22:30"):
        parse_when(text, NOW)


def test_a_day_that_has_passed_is_refused() -> None:
    with pytest.raises(InputError, match="has passed already"):
        parse_when("2026-11-22 22:30", NOW)


def test_a_moment_is_told_with_its_day_unless_that_is_today() -> None:
    assert clock_text(parse_when("22:30", NOW).timestamp(), NOW) == "22:30"
    assert clock_text(parse_when("20:30", NOW).timestamp(), NOW) == "2026-11-24 20:30"


def test_the_queue_says_what_each_job_waits_for(workspace: Workspace) -> None:
    queue = Queue(workspace)
    first, late, next_one = (run_job(workspace, name) for name in "abc")
    grid = queue.submit("grid.plan", {}, lane="light", needs=[f"{first.id}?"])
    assert queue.claim(["gpu"], "worker") is not None
    actions.start_job_at(workspace, late.id, "22:30", NOW)
    actions.move_job(workspace, next_one.id, "front")
    view = actions.view_queue(workspace, NOW)
    assert [(e.job.id, e.place, e.waits_for) for e in view.entries] == [
        (first.id, 0, ""),
        (next_one.id, 1, ""),
        (late.id, 2, "22:30"),
        (grid.id, 1, f"job {first.id}"),
    ]
    actions.pause_queue(workspace, NOW, "23:00")
    held = actions.view_queue(workspace, NOW)
    assert held.pause is not None
    assert [e.waits_for for e in held.entries][:3] == ["", "the end of the pause", "22:30"]
    actions.resume_queue(workspace)
    assert actions.view_queue(workspace, NOW).pause is None


def test_what_saves_nothing_on_its_way_stops_now(workspace: Workspace) -> None:
    queue = Queue(workspace)
    run, photos = run_job(workspace, "a"), queue.submit("dataset.import", {}, lane="light")
    queue.claim(["gpu"], "worker")
    queue.claim(["light"], "worker")
    assert actions.stop_job(workspace, run.id, "after_save").stop == "after_save"
    assert actions.stop_job(workspace, photos.id, "after_save").stop == "now"


def test_what_is_over_is_not_stopped(workspace: Workspace, woken: list[Workspace]) -> None:
    job = run_job(workspace, "a")
    actions.stop_job(workspace, job.id)
    assert woken == [workspace]
    with pytest.raises(JobError, match="is over already"):
        actions.stop_job(workspace, job.id)


def test_a_run_is_not_tried_again_while_it_is_at_work(workspace: Workspace) -> None:
    job = run_job(workspace, "a")
    Queue(workspace).fail(job.id, "The memory of the card was full.")
    (again,) = actions.retry_job(workspace, job.id)
    assert (again.state, again.params) == (JobState.QUEUED, job.params)
    with pytest.raises(JobError, match=f"at work already as {again.id}"):
        actions.retry_job(workspace, job.id)


def test_the_shell_moves_holds_and_shows_what_waits(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = run_job(workspace, "a"), run_job(workspace, "b")
    where = ("--workspace", str(workspace.root))
    assert cli.main(["queue", "move", second.id, "front", *where]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"1. {second.id} Train ann b",
        f"2. {first.id} Train ann a",
    ]
    assert cli.main(["queue", "move", first.id, "--before", second.id, *where]) == 0
    assert capsys.readouterr().out.startswith(f"1. {first.id}")
    assert cli.main(["queue", "at", first.id, "now", *where]) == 0
    assert "as soon as its turn comes" in capsys.readouterr().out
    assert cli.main(["queue", "pause", *where]) == 0
    assert cli.main(["queue", "show", *where]) == 0
    shown = capsys.readouterr().out
    assert "until `t2p.py queue resume`" in shown
    assert shown.count("the end of the pause") == 2
    assert cli.main(["queue", "resume", *where]) == 0
    assert cli.main(["stop", first.id, "--after-save", *where]) == 0
    assert cli.main(["retry", first.id, *where]) == 0
    assert cli.main(["queue", "devices", *where]) == 0
    assert "free" in capsys.readouterr().out


def test_the_shell_tells_that_the_database_was_damaged_and_rebuilt(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run_job(workspace, "a")
    workspace.database.write_bytes(b"no database at all" * 400)
    assert cli.main(["queue", "show", "--workspace", str(workspace.root)]) == 0
    shown = capsys.readouterr().out
    assert "t2p.sqlite.damaged-1 and rebuilt from the folders of the jobs" in shown
    assert "Train  ann a" in shown


def test_a_command_of_ours_goes_on_with_what_was_left(workspace: Workspace) -> None:
    woken: list[Workspace] = []
    code = cli.main(["people", "--workspace", str(workspace.root)], go_on=woken.append)
    assert (code, woken) == (0, [workspace])
