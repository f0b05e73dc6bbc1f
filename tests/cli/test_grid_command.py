from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from lib_t2p.actions.grids.grids import add_to_grid
from lib_t2p.actions.grids.submit import submit_grid
from lib_t2p.cli.__main__ import main
from lib_t2p.cli.grid_arguments import added_from, grid_plan_from
from lib_t2p.cli.parser import build_parser
from lib_t2p.cli_output import Output
from lib_t2p.errors import T2PError
from lib_t2p.grids.chain import KINDS
from lib_t2p.grids.plan_files import GridPlan, read_plan
from lib_t2p.jobs.job import Job
from lib_t2p.jobs.queue import Queue
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = open_workspace(tmp_path / "w")
    person = create_person(workspace, Person("Ada", "adax", "woman", "her own", "2026-01-01"))
    run = Run("ada", "first", 1, "base", "builtin", settings_from({}), "adax", "woman")
    model = create_run(person, run).model
    model.mkdir(parents=True)
    for epoch in range(1, 5):
        tensors = {
            "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight": np.zeros(
                (1, 2), np.float32
            )
        }
        steps = {"ss_epoch": str(epoch), "ss_steps": str(epoch)}
        save_file(tensors, model / f"t2p_ada_first_e{epoch:02d}.safetensors", steps)
    return workspace


def planned(workspace: Workspace, *args: str) -> GridPlan:
    given = ["grid", "Ada", "--name", "g", "--run", "first", *args]
    return grid_plan_from(build_parser().parse_args(given), workspace)


def test_axes_epochs_and_prompts_are_taken_from_the_shell(workspace: Workspace) -> None:
    axes = ("--x", "cfg=1-7 (+3)", "--z", "clip_skip=1,2", "--weights", "0.9")
    plan = planned(workspace, *axes, "--epochs", "1-4 (+3)", "--prompts", "simple")
    assert plan.x.values == (1.0, 4.0, 7.0)
    assert plan.z is not None and plan.z.values == (1, 2)
    assert [stem[-3:] for stem in plan.stems] == ["e01", "e04"]
    assert len(plan.prompts) == 1 and "{trigger}" in plan.prompts[0]


def test_ready_axes_set_columns_and_rows(workspace: Workspace) -> None:
    plan = planned(workspace, "--ready", "weights")
    assert plan.weights == (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
    assert plan.y.kind == "saved_model"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--x", "mood=good"), "no kind 'mood'"),
        (("--epochs", "3,9"), "no saved model of epoch 9"),
        (("--weights", "much"), "'much' is no number"),
        (("--x", "denoising=0-1 [3]", "--weights", "1"), "name a start picture"),
        (("--prompts", "none"), "simple, complex, random"),
    ],
)
def test_what_names_nothing_is_refused(
    workspace: Workspace, args: tuple[str, ...], words: str
) -> None:
    with pytest.raises(T2PError, match=words):
        planned(workspace, *args)


def test_ready_axes_spread_what_our_painter_has(workspace: Workspace) -> None:
    plan = planned(workspace, "--ready", "samplers", "--epochs", "4")
    assert "DPM++ 2M Karras" in plan.x.values and len(plan.x.values) > 10
    (workspace.checkpoints / "sub").mkdir(parents=True)
    (workspace.checkpoints / "sub" / "base, one.safetensors").write_bytes(b"x")
    plan = planned(workspace, "--ready", "checkpoints", "--epochs", "4")
    assert [Path(str(value)).name for value in plan.x.values] == ["base, one.safetensors"]


def test_values_are_added_to_a_grid_that_is_there(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    submit_grid(workspace, "Ada", "g", planned(workspace, "--epochs", "1"))
    args = build_parser().parse_args(["grid", "Ada", "--name", "g", "--add", "seed=25-27 (+2)"])
    added = added_from(args, workspace)
    with pytest.raises(T2PError, match="at work"):
        add_to_grid(workspace, "Ada", "g", *added)
    for job in Queue(workspace).jobs():
        Queue(workspace).request_stop(job.id)
    plan, jobs = add_to_grid(workspace, "Ada", "g", *added)
    assert plan.seeds[-2:] == (25, 27) and len(jobs) == 4
    args.add = "saved_model=nobody"
    with pytest.raises(T2PError, match="nobody"):
        added_from(args, workspace)


@pytest.fixture
def followed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The kinds of the jobs that each command followed; all of them are over at once."""
    kinds: list[list[str]] = []

    def follow_all(_workspace: Workspace, jobs: list[Job], _output: Output) -> list[Job]:
        kinds.append([job.kind for job in jobs])
        for job in jobs:
            Queue(workspace).request_stop(job.id)
        return [replace(jobs[-1], result={"verdict": "No difference seen.", "report": "r.html"})]

    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    monkeypatch.setattr("lib_t2p.cli.grid_commands.follow_all", follow_all)
    return kinds


def test_grids_are_drawn_added_to_and_gone_on_with_by_the_command(
    workspace: Workspace, followed: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--name", "g", "--workspace", str(workspace.root))
    assert main(["grid", "Ada", *where, "--run", "first", "--seeds", "1,2"]) == 0
    assert main(["grid", "Ada", *where, "--add", "seed=3"]) == 0
    assert read_plan(workspace.person("ada").grid("g")).seeds == (1, 2, 3)
    assert main(["grid", "Ada", *where, "--go-on"]) == 0
    assert followed == [list(KINDS)] * 3
    assert capsys.readouterr().out.count("No difference seen.") == 3


def test_a_grid_that_is_not_there_is_neither_added_to_nor_gone_on_with(
    workspace: Workspace, followed: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    for wish in (("--add", "seed=3"), ("--go-on",)):
        code = main(["grid", "Ada", "--name", "none", *wish, "--workspace", str(workspace.root)])
        assert code == 1 and "has no grid named 'none'" in capsys.readouterr().out
    assert followed == []


def test_a_sampler_that_nobody_has_is_refused_by_the_command(
    workspace: Workspace, followed: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--name", "g", "--workspace", str(workspace.root))
    new = ("grid", "Ada", *where, "--run", "first", "--seeds", "1,2")
    for wish in (("--sampler", "Foo"), ("--x", "sampler=Euler,Foo")):
        assert main([*new, *wish]) == 1
        assert "the sampler 'Foo', which is not there" in capsys.readouterr().out
    assert main([*new, "--sampler", "Euler"]) == 0
    assert main(["grid", "Ada", *where, "--add", "sampler=Foo"]) == 1
    assert "there is no sampler Foo" in capsys.readouterr().out
    assert len(followed) == 1 and Queue(workspace).jobs(states=["queued"]) == []


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (("--run", "first", "--sampler", "Foo"), "names the sampler 'Foo', which is not there"),
        (("--run", "first", "--x", "sampler=Foo", "--weights", "1"), "names the sampler 'Foo'"),
        (("--run", "first", "--x", "cfg=1-3", "--weights", "0.6,1"), "no axis shows them"),
        (("--run", "first", "--size", "100x64"), "width is 100: it must be a multiple of 8"),
        (("--run", "first", "--clip-skip", "13"), "clip_skip is 13: it goes from 1 to 12"),
    ],
)
def test_the_command_refuses_what_tab_and_api_refuse(
    workspace: Workspace,
    followed: list[list[str]],
    capsys: pytest.CaptureFixture[str],
    wish: tuple[str, ...],
    said: str,
) -> None:
    assert main(["grid", "Ada", "--name", "g", *wish, "--workspace", str(workspace.root)]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert said in out and followed == []
    assert not workspace.person("ada").grid("g").plan.exists()


def test_a_sampler_that_is_not_there_is_not_added_to_a_grid(
    workspace: Workspace, followed: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--name", "g", "--workspace", str(workspace.root))
    axes = ("--x", "sampler=Euler a", "--weights", "1")
    assert main(["grid", "Ada", *where, "--run", "first", "--sampler", "Euler", *axes]) == 0
    assert main(["grid", "Ada", *where, "--add", "sampler=Foo"]) == 1
    assert "there is no sampler Foo" in capsys.readouterr().out
    assert main(["grid", "Ada", *where, "--add", "sampler=DDIM"]) == 0
    assert read_plan(workspace.person("ada").grid("g")).x.values == ("Euler a", "DDIM")


def test_the_shell_has_an_option_for_each_field_of_a_picture(workspace: Workspace) -> None:
    plan = planned(workspace, "--negative", "blurred", "--size", "64x128", "--vae", "None")
    assert (plan.negative_prompt, plan.width, plan.height) == ("blurred", 64, 128)
    assert plan.vae == "None" and plan.clip_skip == 1 and plan.steps == 25
