"""The scripts in examples/ do what they say, on the astronaut's portrait and the tiny base."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from examples import photos_to_dataset, plan_sweep, read_kohya_json, score_loras
from lib_t2p.workspace import open_workspace

pytestmark = pytest.mark.slow

BASE = Path(__file__).resolve().parents[1] / "lib_t2p" / "demo" / "tiny_base"

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def one(main: Callable[[], None], *arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["example", *map(str, arguments)])
        main()
        return capsys.readouterr().out

    return one


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("skimage")
    from lib_t2p.dataset import write_demo_photos

    return write_demo_photos(tmp_path_factory.mktemp("photos"))


def write_lora(path: Path, strength: float) -> None:
    from diffusers import UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(BASE / "unet")
    name, layer = next((n, m) for n, m in unet.named_modules() if n.endswith("attn1.to_q"))
    rows, columns = layer.weight.shape
    key = "lora_unet_" + name.replace(".", "_")
    tensors = {
        f"{key}.lora_down.weight": np.full((2, columns), strength, np.float32),
        f"{key}.lora_up.weight": np.full((rows, 2), strength, np.float32),
        f"{key}.alpha": np.array(2.0, np.float32),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)


def test_photos_become_a_dataset_with_a_reason_for_each(
    photos: Path, tmp_path: Path, run: Run
) -> None:
    told = run(photos_to_dataset.main, photos, tmp_path, "--resolution", 96)
    lines = told.splitlines()
    assert len(lines) == len(list(photos.iterdir())) + 1
    assert any(": held out." in line for line in lines)
    assert any(": left out. " in line for line in lines)
    assert Path(lines[-1].removeprefix("The training folder is ")).is_dir()


def test_a_kohya_json_is_read_with_its_faults(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "kohya.json"
    file.write_text(json.dumps({"network_dim": 64, "network_alpha": -1, "LoRA_type": "Standard"}))
    told = run(read_kohya_json.main, file)
    assert "network_dim = 64\n" in told
    assert "fault: network_alpha is -1" in told


def test_a_sweep_is_planned_and_what_cannot_be_trained_is_named(
    photos: Path, tmp_path: Path, run: Run
) -> None:
    person = photos_to_dataset.ada(tmp_path)
    photos_to_dataset.dataset_of(person, photos, 96)
    given = (tmp_path, "Ada Example", BASE, "--recipe", "demo", "--ranks", 8, 0)
    told = run(plan_sweep.main, *given)
    assert "network_dim=8: about " in told
    assert "network_dim=0: network_dim is 0" in told
    assert open_workspace(tmp_path).person("ada-example").sweeps() == []


def test_a_folder_of_loras_gets_a_verdict(photos: Path, tmp_path: Path) -> None:
    loras = tmp_path / "loras"
    write_lora(loras / "weak.safetensors", 0.01)
    write_lora(loras / "strong.safetensors", 0.3)
    person = photos_to_dataset.ada(tmp_path / "w")
    dataset = photos_to_dataset.dataset_of(person, photos, 96)
    grid = score_loras.grid_of(
        person, dataset, loras, BASE, weights=(1.0,), seeds=(1,), size=64, steps=2
    )
    verdict = score_loras.judged(grid, person, loras)
    assert len(list(grid.cells.glob("*.png"))) == 3
    assert verdict.sentence
