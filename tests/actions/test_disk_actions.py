from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from lib_t2p.actions.runs import disk as actions
from lib_t2p.cli import __main__ as cli
from lib_t2p.runs.disk.cleaning import cleans_after_verdict
from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Two people, each with a judged run of six epochs and two states."""
    workspace = open_workspace(tmp_path / "workspace")
    for name in ("ann", "zoë"):
        person = workspace.person(name)
        run = person.run("first")
        run.model.mkdir(parents=True)
        for record in (person.record, run.settings):
            record.write_text("schema = 1\n", encoding="utf-8")
        for epoch in range(1, 7):
            save_file(
                {"lora_unet_x.diff": np.zeros(9000, np.float32)},
                run.model / f"t2p_{name}_first_e{epoch:02d}.safetensors",
                {"ss_epoch": str(epoch), "ss_steps": str(epoch)},
            )
        for step in (1, 2):
            (run.states / f"step-{step:08d}").mkdir(parents=True)
    monkeypatch.setattr(
        "lib_t2p.actions.runs.disk.judged_models",
        lambda person: [[f"t2p_{person.slug}_first_e{epoch:02d}" for epoch in (1, 2, 3, 4)]],
    )
    monkeypatch.setattr(actions.show_use, "__defaults__", (tmp_path / ".envs",))
    return workspace


def models(workspace: Workspace, name: str) -> int:
    return len(list(workspace.person(name).run("first").model.glob("*.safetensors")))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_plan_may_be_narrowed(workspace: Workspace) -> None:
    plan = actions.plan_cleaning(workspace)
    assert {(one.person, one.kind) for one in plan} == {
        (person, kind) for person in ("ann", "zoë") for kind in ("models", "states")
    }
    only = actions.plan_cleaning(workspace, person="Ann", kinds=["models"])
    assert [one.what for one in only] == ["model of epoch 4", "model of epoch 5"]


def test_the_shell_shows_what_lies_there_and_what_may_go(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["disk", "--workspace", str(workspace.root)]) == 0
    shown = capsys.readouterr().out
    assert "zoë" in shown
    assert "models" in shown
    assert "may go: `t2p.py disk clean`" in shown
    assert models(workspace, "ann") == 6


@pytest.mark.parametrize(("answer", "left"), [("y\n", 4), ("n\n", 6), ("\n", 6), ("", 6)])
def test_the_shell_asks_once_and_removes_only_after_a_yes(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    left: int,
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    where = ("--workspace", str(workspace.root))
    assert cli.main(["disk", "clean", "--person", "ann", *where]) == 0
    said = capsys.readouterr().out
    assert said.count("?") == 1
    assert "model of epoch 5" in said
    assert ("removed: " in said) is (left == 4)
    assert (models(workspace, "ann"), models(workspace, "zoë")) == (left, 6)


def test_where_nobody_can_be_asked_nothing_goes_without_yes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    where = ("--workspace", str(workspace.root))
    assert cli.main(["disk", "clean", *where]) == 1
    assert "add --yes" in capsys.readouterr().out
    assert models(workspace, "ann") == 6
    assert cli.main(["disk", "clean", "--yes", "--kind", "models", *where]) == 0
    assert models(workspace, "ann") == models(workspace, "zoë") == 4
    assert cli.main(["disk", "clean", "--yes", "--kind", "models", *where]) == 0
    assert capsys.readouterr().out.endswith("Nothing may go.\n")


def test_the_answer_for_all_verdicts_is_kept(workspace: Workspace) -> None:
    where = ("--workspace", str(workspace.root))
    for word, agreed in (("clean", True), ("keep", False)):
        assert cli.main(["disk", "--after-verdict", word, *where]) == 0
        assert cleans_after_verdict(workspace) is agreed
