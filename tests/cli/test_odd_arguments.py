"""Odd arguments of the shell: one sentence and exit code 1 or 2, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib_t2p.cli.__main__ import main


@pytest.mark.parametrize("typed", ["~nosuch/x", "a" * 300, "a/" * 5000, "a\0b", "x\ud800"])
@pytest.mark.parametrize("command", ["config show", "import nobody", "logs", "people --workspace"])
def test_a_path_that_is_none_is_one_sentence(
    command: str, typed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = [] if command.endswith("--workspace") else ["--workspace", str(tmp_path)]
    assert main([*command.split(), typed, *workspace]) == 1
    told = capsys.readouterr().out
    assert (told.count("\n") == 1 and "path" in told) or "home" in told


@pytest.mark.parametrize(
    "setting",
    [
        "network_dim=" + "9" * 5000,
        "network_dim=0x" + "f" * 5000,
        "network_dim=1e400",
        "network_dim=nan",
        "network_dim=true",
        "network_dim=" + "[" * 5000,
        "resolution=",
        "resolution=[]",
        "resolution=" + "9" * 4000,
    ],
)
def test_a_value_that_is_none_is_named_with_its_option(
    setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.toml"
    source.write_text("network_dim = 4\n", encoding="utf-8")
    target = tmp_path / "b.json"
    where = ["--workspace", str(tmp_path / "w")]
    code = main(["config", "convert", str(source), str(target), "--set", setting, *where])
    told = capsys.readouterr().out
    assert code == 1, told
    assert setting.split("=", maxsplit=1)[0] in told
    assert len(told) < 1000


@pytest.mark.parametrize(
    "command",
    [
        "dataset build ann --set=--",
        "train ann --name=--",
        "grid ann --prompt=--",
        "sweep new ann --set=-- --set=--",
    ],
)
def test_two_dashes_are_no_value(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command.split(), "--workspace", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert told.count("gives no value: write --") == command.count("=--")
