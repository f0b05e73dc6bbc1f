"""What is written is read back the same."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib_t2p import toml_io
from lib_t2p.errors import InputError, SetupError
from lib_t2p.toml_io import READERS, dump_toml, parse_toml


def test_tables_in_tables_come_back_as_they_were() -> None:
    table = {
        "schema": 1,
        "axes": {"network_dim": [32, 64], "optimizer_args.growth_rate": [1.02, 1.06]},
        "choices": {"precision": {"full bf16": {"full_bf16": True}, "fp32": {"a.b": ""}}},
    }
    assert parse_toml(dump_toml(table), "test") == table


@pytest.mark.parametrize("path", ["C:\\my\\x", "C:\\Users\\me", "D:\\new\\v a"])
def test_a_windows_path_in_double_quotes_is_told_how_to_be_written(path: str) -> None:
    with pytest.raises(InputError, match="Write a Windows path in single quotes"):
        parse_toml(f'network_dim = 8\nvae = "{path}"\n', "a.toml")


def test_other_faults_say_nothing_of_paths() -> None:
    with pytest.raises(InputError) as caught:
        parse_toml("network_dim = \n", "a.toml")
    assert "Windows" not in str(caught.value)


@pytest.fixture
def _chosen_anew() -> Iterator[None]:
    toml_io._reader.cache_clear()
    yield
    toml_io._reader.cache_clear()


@pytest.mark.usefixtures("_chosen_anew")
@pytest.mark.parametrize("name", READERS)
def test_each_reader_reads_a_plan_alike(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(name)
    monkeypatch.setattr(toml_io, "READERS", (name,))
    table = {"seeds": [1, 2], "look": {"prompt": 'ohwx "a" ü', "cfg": 7.5, "hires": False}}
    assert parse_toml(dump_toml(table), "a plan") == table
    with pytest.raises(InputError, match="a plan is not valid TOML"):
        parse_toml("a = = 1", "a plan")


@pytest.mark.usefixtures("_chosen_anew")
def test_a_python_without_a_reader_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_io, "READERS", ("no_such_reader",))
    with pytest.raises(SetupError, match="This Python cannot read TOML"):
        parse_toml("a = 1", "a plan")


def _python_310() -> str | None:
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.10.*/bin/python"))
    for one in (shutil.which("python3.10"), *map(str, pyenv)):
        # A shim of pyenv stands there for versions that are not chosen.
        if one and subprocess.run([one, "-V"], capture_output=True, check=False).returncode == 0:
            return one
    return None


def test_an_environment_of_pip_alone_reads_toml(root: Path) -> None:
    """Python 3.10, the usual one of a WebUI, has no reader of its own and no package of ours."""
    python = _python_310()
    if python is None:
        pytest.skip("there is no Python 3.10 on this machine")
    code = "from lib_t2p.toml_io import parse_toml; print(parse_toml('a = 1', 'x'))"
    argv = [python, "-c", code]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout == "{'a': 1}\n", done.stderr
