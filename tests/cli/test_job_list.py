"""`t2p.py jobs`: the newest, all, and what is not over."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.cli import __main__ as cli
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import open_workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def made(tmp_path: Path) -> list[str]:
    """Ids of 60 jobs, oldest first; the first is over."""
    queue = Queue(open_workspace(tmp_path))
    jobs = [queue.submit("a", {}, lane="light").id for _ in range(60)]
    queue.request_stop(jobs[0])
    return jobs


def listed(tmp_path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert cli.main(["jobs", *options, "--workspace", str(tmp_path)]) == 0
    return capsys.readouterr().out


def ids_in(text: str, made: list[str]) -> list[str]:
    words = [line.split()[0] for line in text.splitlines() if line.strip()]
    return [word for word in words if word in made]


def test_the_newest_fifty_are_listed_with_the_newest_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: list[str]
) -> None:
    text = listed(tmp_path, capsys)
    assert ids_in(text, made) == made[10:]
    assert "50 of 60 jobs (59 queued, 1 stopped)" in text
    assert f"--before {made[10]}" in text


@pytest.mark.parametrize(
    ("options", "first", "last"),
    [
        (["--limit", "3"], 57, 60),
        (["--all"], 0, 60),
        (["--all", "--active"], 1, 60),
        (["--limit", "4", "--active"], 56, 60),
    ],
)
def test_more_or_fewer_are_listed_as_wished(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    made: list[str],
    options: list[str],
    first: int,
    last: int,
) -> None:
    assert ids_in(listed(tmp_path, capsys, *options), made) == made[first:last]


def test_older_ones_follow_on_the_next_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: list[str]
) -> None:
    text = listed(tmp_path, capsys, "--before", made[10])
    assert ids_in(text, made) == made[:10]


@pytest.mark.parametrize("limit", ["0", "-3", "ten", "²"])
def test_an_odd_limit_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: str
) -> None:
    with pytest.raises(SystemExit) as refused:
        cli.main(["jobs", "--limit", limit, "--workspace", str(tmp_path)])
    assert refused.value.code == 2
    assert "is no number from 1 to" in capsys.readouterr().err or limit == "-3"
