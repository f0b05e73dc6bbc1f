from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lib_t2p.environment.builder import failure_sentence, step_of
from lib_t2p.environment.commands import clean_variables, run_program
from lib_t2p.environment.definitions import CORE, DEV, GRADIO3, Paths
from lib_t2p.environment.interpreters import check_interpreter
from lib_t2p.environment.launching import cli_argv, cli_variables, command_line
from lib_t2p.environment.repairing import drop_half_installed
from lib_t2p.environment.stamps import fingerprint, is_ready
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python

LOG = Path("install.log")


@pytest.mark.parametrize("version", [(3, 10), (3, 11), (3, 12)])
def test_supported_interpreter_passes(version: tuple[int, int]) -> None:
    check_interpreter(version, lambda _: None)


@pytest.mark.parametrize("version", [(3, 9), (3, 13), (4, 0)])
def test_other_interpreter_is_refused(version: tuple[int, int]) -> None:
    with pytest.raises(SetupError, match=r"3\.10 to 3\.12 are"):
        check_interpreter(version, lambda _: None)


def test_refusal_names_an_interpreter_that_is_there() -> None:
    def which(name: str) -> str | None:
        return "/usr/bin/python3.11" if name == "python3.11" else None

    with pytest.raises(SetupError, match=r"`python3\.11 t2p\.py`"):
        check_interpreter((3, 13), which)


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("Collecting torch==2.13.0 (from -r core.txt (line 3))", "Collecting torch"),
        ("  Downloading gradio-4.40.0-py3-none-any.whl (12.4 MB)", "Downloading gradio-4.40.0-py3"),
        ("Installing collected packages: numpy, torch", "Installing"),
        ("Requirement already satisfied: numpy", None),
    ],
)
def test_pips_lines_become_steps(line: str, step: str | None) -> None:
    found = step_of(line)
    assert found == step if step is None else (found or "").startswith(step)


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (
            [
                "Retrying: NewConnectionError(\"HTTPSConnection(host='index.example', port=443)\"",
                "ERROR: No matching distribution found for torch==2.13.0",
            ],
            ["index.example could not be reached", "torch==2.13.0", "T2P_WHEELS", "same command"],
        ),
        (["ERROR: No matching distribution found for dlib-bin==20.0.0"], ["dlib-bin==20.0.0 was"]),
        (["OSError: [Errno 28] No space left on device"], ["disk is full"]),
        (["ERROR: PermissionError: [Errno 13] Permission denied: 'x'"], ["may not write"]),
        (["SSLError(host='index.example' CERTIFICATE_VERIFY_FAILED"], ["certificate of index"]),
        (["  ERROR: Failed building wheel for dlib"], ["dlib could not be built"]),
        (["something else"], ["read the end of its log"]),
    ],
)
def test_failure_says_the_cause_and_what_to_do(lines: list[str], parts: list[str]) -> None:
    sentence = failure_sentence(lines, LOG)
    assert [p for p in [*parts, str(LOG)] if p not in sentence] == []


STUDIO = "lib_t2p.hosts.standalone"


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ([], [STUDIO]),
        (["studio", "--port", "7000"], [STUDIO, "--port", "7000"]),
        (["--port", "7000", "--no-browser"], [STUDIO, "--port", "7000", "--no-browser"]),
        (["demo", "--no-browser"], ["lib_t2p.demo", "--no-browser"]),
        (["--help"], ["lib_t2p.cli", "--help"]),
        (["jobs"], ["lib_t2p.cli", "jobs"]),
    ],
)
def test_typed_words_become_a_program(typed: list[str], command: list[str]) -> None:
    assert command_line(typed) == command
    assert cli_argv(Path("python"), typed) == ["python", "-m", *command]


def test_cli_finds_our_package_and_no_foreign_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/webui")
    variables = cli_variables(tmp_path)
    assert variables["PYTHONPATH"] == str(tmp_path)
    assert variables["PYTHONNOUSERSITE"] == "1"


def test_foreign_package_folders_are_dropped_and_the_rest_kept() -> None:
    cleaned = clean_variables({"PYTHONPATH": "/webui", "PIP_TARGET": "/x", "PATH": "/bin"})
    assert "PYTHONPATH" not in cleaned
    assert "PIP_TARGET" not in cleaned
    assert cleaned["PATH"] == "/bin"


@pytest.mark.parametrize("folder", ["lib/python3.11/site-packages", "Lib/site-packages"])
def test_half_installed_packages_are_forgotten(tmp_path: Path, folder: str) -> None:
    packages = tmp_path / folder
    for name in ("whole-1.dist-info", "half-1.dist-info", "~orch", "numpy"):
        (packages / name).mkdir(parents=True)
    (packages / "whole-1.dist-info" / "RECORD").touch()
    assert sorted(drop_half_installed(tmp_path)) == ["half-1.dist-info", "~orch"]
    assert sorted(p.name for p in packages.iterdir()) == ["numpy", "whole-1.dist-info"]


def test_output_of_a_program_arrives_line_by_line() -> None:
    lines: list[str] = []
    program = "import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)"
    assert run_program([sys.executable, "-c", program], lines.append) == 3
    assert sorted(lines) == ["one", "two"]


def test_program_is_stopped_when_the_reader_is_interrupted() -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    endless = "import time\nprint('begun', flush=True)\nwhile True: time.sleep(60)"
    with pytest.raises(KeyboardInterrupt):
        run_program([sys.executable, "-c", endless], interrupt)


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows lock is not inherited")
def test_lock_is_held_until_the_orphaned_program_ends(tmp_path: Path) -> None:
    import fcntl

    lock = tmp_path / "lock"
    program = (
        "import os, subprocess, sys\n"
        "from pathlib import Path\n"
        "from lib_t2p.platforms import exclusive_lock\n"
        f"with exclusive_lock(Path({str(lock)!r}), inheritable=True):\n"
        "    argv = [sys.executable, '-c', 'print(1, flush=True); input()']\n"
        "    subprocess.Popen(argv, close_fds=False)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent, lock.open("ab") as file:
        parent.stdout.readline()
        parent.wait()
        with pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        parent.stdin.write(b"\n")
        parent.stdin.close()
        # Returns when the orphan has ended and its lock is free.
        fcntl.flock(file, fcntl.LOCK_EX)


def test_missing_program_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be run"):
        run_program([str(tmp_path / "no-python")], lambda _: None)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"fingerprint": "of another day"}'])
def test_damaged_or_old_stamp_is_not_ready(root: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "requirements").symlink_to(root / "requirements")
    paths = Paths(tmp_path, CORE)
    python = venv_python(paths.folder)
    python.parent.mkdir(parents=True)
    python.touch()
    paths.stamp.write_text(text, encoding="utf-8")
    assert not is_ready(paths)


def test_every_environment_has_its_requirement_files(root: Path) -> None:
    prints = {fingerprint(Paths(root, environment)) for environment in (CORE, DEV, GRADIO3)}
    assert len(prints) == 3


def test_data_only_packages_bring_nothing_with_them(root: Path) -> None:
    stage = CORE.stages[1]
    text = Paths(root, CORE).requirements(stage).read_text(encoding="utf-8")
    assert "--no-deps" in stage.options
    assert "open_clip_torch" in text


@pytest.mark.parametrize("name", ["core.txt", "core-nodeps.txt", "dev.txt", "gradio3.txt"])
def test_no_requirement_names_torchvision(root: Path, name: str) -> None:
    lines = (root / "requirements" / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("torchvision")] == []
