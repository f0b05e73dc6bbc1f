from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest
from environment_fakes import Recorder

import t2p
from lib_t2p.cli.parser import build_parser
from lib_t2p.environment import builder as building
from lib_t2p.environment import shell
from lib_t2p.environment.builder import SetUpProgress
from lib_t2p.environment.diagnosing import EnvFinding
from lib_t2p.environment.planning import Plan
from lib_t2p.environment.sd_scripts import SdScripts
from lib_t2p.environment.set_up_choices import Wish
from lib_t2p.errors import SetupError

TAG = "v0.9.1"
MADE = SdScripts(TAG, Path("sd"), Path("python"))


class Said:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str = "") -> None:
        self.lines.append(text)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Wish]:
    """What was built; the plan is 500 MB."""
    wishes: list[Wish] = []

    class Builder:
        def __init__(self, progress: SetUpProgress) -> None:
            pass

        def ensure(self, wish: Wish) -> SdScripts:
            wishes.append(wish)
            return MADE

    def plan(tag: str, wish: Wish) -> Plan:
        return Plan(tag, ("Clone it.", "Build it."), 500, "python", "own")

    monkeypatch.setattr(shell, "SdBuilder", Builder)
    monkeypatch.setattr(shell, "plan", plan)
    return wishes


def run(*words: str) -> list[str]:
    parser = ArgumentParser()
    commands = parser.add_subparsers()

    def add(name: str, help_text: str, act: shell.Act) -> ArgumentParser:
        command: ArgumentParser = commands.add_parser(name, help=help_text)
        command.set_defaults(act=act)
        return command

    shell.declare(add)
    said = Said()
    args: Namespace = parser.parse_args(words)
    args.act(args, said, Recorder())
    return said.lines


@pytest.mark.parametrize(("answer", "built"), [("y", 1), ("Yes ", 1), ("", 0), ("n", 0)])
def test_plan_is_shown_and_asked_about_once(
    made: list[Wish], monkeypatch: pytest.MonkeyPatch, answer: str, built: int
) -> None:
    asked: list[str] = []

    def reply(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("builtins.input", reply)
    if built:
        assert run("build", TAG)[:2] == ["Clone it.", "Build it."]
    else:
        with pytest.raises(SetupError, match="Nothing was done"):
            run("build", TAG)
    assert len(made) == built
    assert ["500 MB" in question for question in asked] == [True]


def test_nobody_to_answer_means_no(made: list[Wish], monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", closed)
    with pytest.raises(SetupError, match="Nothing was done"):
        run("build", TAG)
    assert made == []


def test_choices_reach_the_builder_without_a_question(made: list[Wish]) -> None:
    run("build", TAG, "--yes", "--python", "py", "--borrow-torch", "own")
    assert (made[0].python, made[0].borrow) == ("py", "own")


def test_check_prints_every_finding_and_fails_for_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    class Doctor:
        def check(self, name: str) -> list[EnvFinding]:
            return [EnvFinding("ok", f"{name} is there"), EnvFinding("fault", "x", "do y")]

    monkeypatch.setattr(shell, "Doctor", Doctor)
    with pytest.raises(SetupError, match="1 of the findings"):
        run("check", TAG)


def test_list_names_all(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run("list")
    assert [line.split()[0] for line in lines] == ["core", "sd-scripts", "sd-scripts", "sd-scripts"]


def test_repair_says_what_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mender:
        def repair(self, wish: Wish) -> SdScripts:
            return MADE

        def repair_core(self, root: Path) -> Path:
            return Path("core")

    monkeypatch.setattr(shell, "mender_for", lambda builder: Mender())
    assert run("repair", TAG) == [f"sd-scripts {TAG} is ready: sd with python"]
    assert run("repair", "core") == ["core is ready."]


def test_env_runs_before_anything_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: object, environment: object) -> Path:
        raise AssertionError("built")

    monkeypatch.setattr(building.Builder, "ensure", refuse)
    assert t2p.main(["env", "list"]) == 0
    assert "sd-scripts v0.10.1" in capsys.readouterr().out


def test_env_is_among_the_commands_of_the_shell() -> None:
    args = build_parser().parse_args(["env", "build", TAG, "--yes"])
    assert (args.name, args.yes, args.borrow_torch) == (TAG, True, "")
