from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from environment_fakes import FakeRunner, Recorder

from lib_t2p.environment.builder import Builder
from lib_t2p.environment.checks import checks, run_checks

CORE_PYTHON, GRADIO_PYTHON = Path("core/python"), Path("gradio3/python")


class FakeTools:
    """Notes what is run; gives the exit code of the first word it knows."""

    def __init__(self, **codes: int) -> None:
        self.codes = codes
        self.ran: list[list[str]] = []

    def __call__(self, argv: Sequence[str], folder: Path) -> int:
        self.ran.append(list(argv))
        return next((code for word, code in self.codes.items() if word in argv), 0)


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    (tmp_path / "requirements").mkdir()
    for name in ("core", "core-nodeps", "dev", "gradio3"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("", encoding="utf-8")
    (tmp_path / "tests" / "ui").mkdir(parents=True)
    return Builder(root=tmp_path, progress=Recorder(), run=FakeRunner(), check=lambda: None)


def test_everything_runs_and_pytest_comes_last(builder: Builder) -> None:
    tools = FakeTools()
    assert run_checks(builder, [], tools) == 0
    assert [argv[2] for argv in tools.ran] == ["ruff", "ruff", "mypy", "pytest", "pytest"]
    assert "gradio3" in tools.ran[3][0]
    assert "core" in tools.ran[4][0]
    assert "--cov-fail-under=85" in tools.ran[4]


@pytest.mark.parametrize("word", ["check", "--check", "mypy", "tests/ui", "--cov"])
def test_one_failure_fails_the_whole_and_stops_nothing(builder: Builder, word: str) -> None:
    tools = FakeTools(**{word: 1})
    assert run_checks(builder, [], tools) == 1
    assert len(tools.ran) == 5


def test_results_of_the_tools_are_said_before_pytest(builder: Builder) -> None:
    run_checks(builder, [], FakeTools(mypy=1))
    said = builder.progress
    assert isinstance(said, Recorder)
    assert "mypy: FAILED" in said.lines[-1]
    assert "ruff check: ok" in said.lines[-1]


def test_named_tests_run_without_gradio3_and_without_the_floor(builder: Builder) -> None:
    tools = FakeTools()
    run_checks(builder, ["tests/jobs", "-q"], tools)
    assert tools.ran[-1][2:] == ["pytest", "tests/jobs", "-q"]
    assert not any("gradio3" in argv[0] for argv in tools.ran)
    assert not (builder.root / ".envs" / "gradio3").exists()


def test_tests_of_the_tabs_are_left_out_when_there_are_none(tmp_path: Path) -> None:
    first, _ = checks(CORE_PYTHON, GRADIO_PYTHON, tmp_path, [])
    assert [check.name for check in first] == ["ruff check", "ruff format", "mypy"]


def test_quick_leaves_out_what_is_slow_and_what_needs_a_browser_or_gradio3(
    builder: Builder,
) -> None:
    tools = FakeTools()
    run_checks(builder, ["--quick", "-x"], tools)
    ran = tools.ran[-1]
    assert ran[ran.index("-m", 2) + 1] == "not slow and not browser"
    assert ran[-1] == "-x" and "--quick" not in ran
    assert not any("gradio3" in argv[0] for argv in tools.ran)


def test_tests_run_on_every_core_but_a_file_at_a_time(builder: Builder) -> None:
    tools = FakeTools()
    run_checks(builder, [], tools)
    for argv in tools.ran[-2:]:
        assert argv[argv.index("-n") + 1].isdigit()
        assert argv[argv.index("--dist") + 1] == "loadfile"
