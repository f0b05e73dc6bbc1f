import os
import subprocess
import sys
from pathlib import Path

import pytest

from lib_t2p.cli import __main__ as cli
from lib_t2p.cli.parser import build_parser


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.main(arguments)
    return code, capsys.readouterr().out


def test_the_help_lists_the_commands_of_the_main_job() -> None:
    text = build_parser().format_help()
    for name in ("people", "import", "dataset", "train", "grid", "jobs", "stop"):
        assert f"    {name} " in text


def test_a_person_is_made_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--workspace", str(tmp_path / "w"))
    made = ("person", "Zoë Ångström", "--trigger", "zoeang", "--class", "woman")
    assert run(capsys, *made, "--consent", "herself", *where)[0] == 0
    code, text = run(capsys, "people", *where)
    assert code == 0
    assert "Zoë Ångström" in text
    assert "zoeang" in text


def test_a_name_like_a_path_is_refused_with_all_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--workspace", str(tmp_path / "w"))
    bad = ("person", "../../x", "--trigger", "two words", "--consent", " ")
    code, text = run(capsys, *bad, *where)
    assert code == 1
    assert "3 faults" in text
    assert "looks like a path" in text
    assert list((tmp_path / "w").glob("people/*")) == []


@pytest.mark.parametrize("command", [("dataset", "build", "nobody"), ("import", "nobody", ".")])
def test_an_unknown_person_is_one_sentence(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = run(capsys, *command, "--workspace", str(tmp_path))
    assert code == 1
    assert text.count("\n") == 1
    assert "There is no person named 'nobody'" in text


def test_a_workspace_that_is_a_file_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    code, text = run(capsys, "people", "--workspace", str(file))
    assert (code, text.count("\n")) == (1, 1)
    assert "is a file" in text


def test_the_job_list_is_empty_at_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "jobs", "--workspace", str(tmp_path)) == (0, "No jobs yet.\n")


def test_a_reader_that_leaves_early_gets_no_traceback(root: Path, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    argv = [sys.executable, "-m", "lib_t2p.cli", "people", "--workspace", str(tmp_path)]
    done = subprocess.run(
        argv, cwd=root, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_argument_is_apart_from_what_the_command_does() -> None:
    args = build_parser().parse_args(["grid", "Ada", "--name", "g", "--run", "a", "--run", "b"])
    assert args.run == ["a", "b"]
    assert callable(args.carry_out)
