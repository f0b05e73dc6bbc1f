from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import t2p
from lib_t2p.errors import SetupError
from lib_t2p.platforms import hand_over, venv_python


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that t2p.py handed over to; nothing is built."""
    programs: list[list[str]] = []

    def note(argv: Sequence[str], variables: Mapping[str, str]) -> int:
        programs.append(list(argv))
        return 7

    monkeypatch.setattr(t2p, "hand_over", note)
    monkeypatch.setattr(t2p.Builder, "ensure", lambda self, environment: Path("python"))
    return programs


def test_no_words_start_the_studio(handed: list[list[str]]) -> None:
    assert t2p.main([]) == 7
    assert handed == [["python", "-m", "lib_t2p.hosts.standalone"]]


def test_a_command_is_handed_over_as_typed(handed: list[list[str]]) -> None:
    t2p.main(["import", "grace", "a folder", "--workspace", "a b"])
    assert handed[0][2:] == ["lib_t2p.cli", "import", "grace", "a folder", "--workspace", "a b"]


def test_test_runs_the_checks_with_pytests_arguments(
    monkeypatch: pytest.MonkeyPatch, handed: list[list[str]]
) -> None:
    given: list[list[str]] = []

    def note(builder: object, arguments: list[str]) -> int:
        given.append(arguments)
        return 3

    monkeypatch.setattr(t2p, "run_checks", note)
    assert t2p.main(["test", "-x"]) == 3
    assert (given, handed) == ([["-x"]], [])


def test_setup_fault_is_one_sentence_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(self: object, environment: object) -> Path:
        raise SetupError("index.example could not be reached.")

    monkeypatch.setattr(t2p.Builder, "ensure", fail)
    assert t2p.main(["demo"]) == 1
    assert capsys.readouterr().out == "index.example could not be reached.\n"


def test_interrupted_installation_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(self: object, environment: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(t2p.Builder, "ensure", interrupt)
    assert t2p.main([]) == 130
    assert "same command again" in capsys.readouterr().out


def test_help_builds_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(t2p, "is_ready", lambda paths: False)
    assert t2p.main(["--help"]) == 0
    assert "t2p.py demo" in capsys.readouterr().out


def test_file_runs_with_the_standard_library_only(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(root / "t2p.py"), "--help"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ.get("PATH", "")},
    )
    # -I leaves out the script's folder, so the one thing that is missing is our own package.
    assert "No module named 'lib_t2p'" in done.stderr
    program = f"import sys; sys.path.insert(0, {str(root)!r}); import t2p; print('ok')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], check=False, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("ok\n", "")


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", "core/bin/python"),
        ("darwin", "core/bin/python"),
        ("win32", "core/Scripts/python.exe"),
    ],
)
def test_interpreter_of_an_environment(platform: str, expected: str) -> None:
    assert venv_python(Path("core"), platform).as_posix() == expected


@pytest.mark.parametrize("platform", [sys.platform, "win32"])
def test_exit_code_of_the_program_is_ours(root: Path, platform: str) -> None:
    program = (
        "import os, sys\n"
        "from lib_t2p.platforms import hand_over\n"
        f"argv = [sys.executable, '-c', 'import sys; print(\"ran\"); sys.exit(5)']\n"
        f"sys.exit(hand_over(argv, dict(os.environ), {platform!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (5, "ran\n")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix signal")
def test_windows_branch_outlives_ctrl_c_and_waits_for_the_program() -> None:
    # The program interrupts its parent, as a console interrupts both, then ends by itself.
    child = f"import os, signal; os.kill({os.getpid()}, signal.SIGINT); raise SystemExit(9)"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert hand_over([sys.executable, "-c", child], dict(os.environ), "win32") == 9
    finally:
        signal.signal(signal.SIGINT, before)
