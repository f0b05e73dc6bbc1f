"""`t2p.py sweep` and `t2p.py lora` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from lib_t2p.cli import __main__ as cli
from lib_t2p.files import write_text
from lib_t2p.jobs.queue import Queue
from lib_t2p.toml_io import dump_toml
from lib_t2p.workspace.people import Person
from lib_t2p.workspace.person import Workspace, open_workspace

BASE = Path(__file__).resolve().parents[2] / "lib_t2p" / "demo" / "tiny_base"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    workspace = open_workspace(tmp_path / "w")
    person = workspace.person("ada")
    who = Person("Ada", "blh", "woman", "herself", "2026-01-01T00:00:00")
    write_text(person.record, dump_toml({"schema": 1, **vars(who)}))
    photos = person.dataset(1).img / "2_blh woman"
    photos.mkdir(parents=True)
    for number in range(3):
        Image.new("RGB", (96, 96), (60 * number, 90, 120)).save(photos / f"{number}.png")
    write_text(person.dataset(1).manifest, "{}")
    write_text(person.dataset(1).heldout / "kept_back.png", "")
    return workspace


def run(
    capsys: pytest.CaptureFixture[str], workspace: Workspace, *arguments: str
) -> tuple[int, str]:
    topic, command, *rest = arguments
    code = cli.main([topic, command, "--workspace", str(workspace.root), *rest])
    return code, capsys.readouterr().out


def new(*more: str) -> tuple[str, ...]:
    return ("sweep", "new", "ada", "--recipe", "demo", "--checkpoint", str(BASE), *more)


def test_a_dry_run_names_runs_and_refusals_and_queues_nothing(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = run(capsys, workspace, *new("--axis", "network_dim=8,0,32", "--dry-run"))
    assert code == 0
    assert "  network_dim=8" in text
    assert "skipped: network_dim=0: network_dim is 0" in text
    assert "2 runs, about" in text
    assert Queue(workspace).jobs() == []
    assert workspace.person("ada").sweeps() == []


def test_one_setting_at_a_time_with_repeats_of_the_base(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--one-at-a-time", "--repeats", "2", "--repeat-base", "--no-wait", "--name", "Zwei")
    axes = ("--axis", "network_dim=8", "--axis", "optimizer_args.betas=0.9,0.99|0.9,0.999")
    code, _ = run(capsys, workspace, *new(*axes, *options))
    assert code == 0
    code, text = run(capsys, workspace, "sweep", "show", "ada", "zwei")
    names = [line.split(":")[0].strip() for line in text.splitlines()]
    assert names == ["base", "base seed 2", "network_dim=8", "betas=0.9,0.999"]
    code, text = run(capsys, workspace, "sweep", "list", "ada")
    assert "zwei" in text
    code, text = run(capsys, workspace, "sweep", "stop", "ada", "zwei")
    assert "4 runs stopped" in text


def test_values_are_added_paused_and_gone_on_with(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, workspace, *new("--axis", "network_dim=8", "--no-wait", "--name", "r"))
    added = ("sweep", "add", "ada", "r", "--axis", "network_dim=8,16", "--no-wait")
    assert "1 new run\n" in run(capsys, workspace, *added)[1]
    assert "2 waiting runs" in run(capsys, workspace, "sweep", "pause", "ada", "r")[1]
    text = run(capsys, workspace, "sweep", "continue", "ada", "r", "--no-wait")[1]
    assert text == "2 runs queued\n"


def test_faults_of_axes_are_named_at_once(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = ("--axis", "netwrk_dim=1", "--axis", "dataset=x", "--dry-run")
    code, text = run(capsys, workspace, *new(*bad))
    assert code == 1
    assert "2 faults" in text
    code, text = run(capsys, workspace, *new("--axis", "network_dim", "--axis", "=3"))
    assert code == 1
    assert "'network_dim' is not SETTING=VALUE,VALUE" in text
    assert "2 faults" in text


def test_an_unknown_sweep_is_one_sentence(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = run(capsys, workspace, "sweep", "show", "ada", "nothing")
    assert (code, text.count("\n")) == (1, 1)
    assert "There is no sweep 'nothing'" in text


def test_ready_sweeps_are_listed(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, workspace, "sweep", "ready")
    assert code == 0
    assert "network_dim 32, 64, 128, 192, 256, 512" in text
    assert "two versions of the dataset" in text


def test_a_lora_is_shown_listed_kept_and_cleaned_up(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    import numpy as np

    file = workspace.loras / "t2p" / "_trial" / "t2p_ada_r_e01.safetensors"
    file.parent.mkdir(parents=True)
    arrays = {
        "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight": np.ones(
            (4, 768), np.float16
        ),
        "lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight": np.ones((8, 4), np.float16),
        "lora_unet_down_blocks_0_attentions_0_proj_in.alpha": np.array(1.0, np.float16),
    }
    numpy.save_file(arrays, file, {"ss_network_dim": "8", "ss_epoch": "1", "ss_v2": "False"})
    code, text = run(capsys, workspace, "lora", "show", str(file))
    assert code == 0
    assert "LoRA, rank 4, alpha 1, 1 U-Net and 0 text-encoder modules" in text
    assert "odd       The metadata say rank 8, the tensors have 4" in text
    facts = json.loads(run(capsys, workspace, "lora", "show", str(file), "--json")[1])
    assert (facts["ranks"], facts["metadata"]["ss_epoch"]) == ({"4": 1}, "1")
    assert "on trial" in run(capsys, workspace, "lora", "list")[1]
    text = run(capsys, workspace, "lora", "trial-clean", "--yes")[1]
    assert "its run is gone" in text
    assert "0 models under test removed" in text
    code, text = run(capsys, workspace, "lora", "keep", "t2p_ada_r_e01", "--name", "Ada")
    assert code == 0
    assert (workspace.loras / "t2p" / "Ada.safetensors").exists()
    assert not file.exists()


def test_a_lora_that_lies_is_one_sentence(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workspace.root / "lie.safetensors"
    header = b'{"a":{"dtype":"F16","shape":[1000000,1000000],"data_offsets":[0,2000000000000]}}'
    file.write_bytes(len(header).to_bytes(8, "little") + header)
    code, text = run(capsys, workspace, "lora", "show", str(file))
    assert (code, text.count("\n")) == (1, 1)
    assert "damaged or cut off" in text
