"""LoRAs that were made elsewhere get the same grid, with no training by us."""

from __future__ import annotations

import json
import struct
from itertools import pairwise
from pathlib import Path

import pytest
from generation_fakes import make_dataset, make_person

from lib_t2p.actions.grids.lora_comparison import OwnLoras, compare_loras, own_models
from lib_t2p.errors import FaultsError, InputError
from lib_t2p.grids.plan_files import read_plan, with_dataset
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace
from lib_t2p.workspace.uploads import waiting_folder

BASE = Path(__file__).resolve().parents[2] / "lib_t2p" / "demo" / "tiny_base"
SD15 = "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight"
SDXL = "lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("lib_t2p.jobs.starting._ensure", lambda *_: None)
    return open_workspace(tmp_path / "wörk space")


@pytest.fixture
def person(workspace: Workspace) -> PersonFolder:
    folder = make_person(workspace)
    make_dataset(folder)
    return folder


def lora(path: Path, key: str = SD15) -> Path:
    header = json.dumps({key: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"\0\0\0\0")
    return path


def test_files_from_anywhere_become_the_rows_of_a_grid(
    workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    files = [lora(tmp_path / "a ä" / "me.safetensors"), lora(tmp_path / "b" / "me.safetensors")]
    wanted = OwnLoras([*files, files[0]], BASE, "mine", trigger="zzz", weights=(0.5, 1.0))
    jobs = compare_loras(workspace, person.slug, wanted)
    assert [job.kind for job in jobs] == ["grid.plan", "grid.cells", "grid.scores", "grid.report"]
    plan = read_plan(person.grid("mine"))
    assert [model.label for model in plan.models] == ["me", "me (2)"]
    assert len({model.stem for model in plan.models}) == 2
    assert [model.path for model in plan.models] == files
    assert plan.trigger == "zzz"
    assert plan.weights == (0.5, 1.0)
    assert plan.dataset == 1


def test_all_files_that_cannot_be_used_are_named_at_once(
    workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    good = lora(tmp_path / "good.safetensors")
    other = lora(tmp_path / "other family.safetensors", SDXL)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no")
    missing = tmp_path / "missing.safetensors"
    with pytest.raises(FaultsError) as raised:
        compare_loras(
            workspace, person.slug, OwnLoras([good, other, broken, missing], BASE, "mine")
        )
    told = str(raised.value)
    assert "other family.safetensors was made for SDXL" in told
    assert "broken.safetensors" in told
    assert "missing.safetensors" in told
    assert "good.safetensors" not in told
    assert not person.grid("mine").plan.exists()
    assert Queue(workspace).jobs() == []


def test_without_photos_nothing_can_be_compared(workspace: Workspace, tmp_path: Path) -> None:
    folder = make_person(workspace)
    file = lora(tmp_path / "one.safetensors")
    with pytest.raises(InputError, match="has no dataset yet"):
        compare_loras(workspace, folder.slug, OwnLoras([file], BASE, "mine"))


def test_no_file_is_a_fault(workspace: Workspace, person: PersonFolder) -> None:
    with pytest.raises(FaultsError, match="no LoRA is named"):
        compare_loras(workspace, person.slug, OwnLoras([], BASE, "mine"))


def test_stems_are_those_of_no_other_lora(person: PersonFolder, tmp_path: Path) -> None:
    (model,) = own_models(person, [tmp_path / "Ünal, v2.safetensors"])
    assert model.stem.startswith(f"t2p_{person.slug}_own_")
    assert model.label == "Ünal, v2"


def test_uploaded_files_move_to_the_grid_and_others_stay(
    workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    waiting = waiting_folder(workspace) / "abc"
    uploads = [lora(waiting / str(n) / "mé.safetensors") for n in range(2)]
    other = lora(tmp_path / "other.safetensors")
    compare_loras(workspace, person.slug, OwnLoras([*uploads, other], BASE, "mine"))
    models = read_plan(person.grid("mine")).models
    assert [model.label for model in models] == ["mé", "mé (2)", "other"]
    assert len({model.path for model in models}) == 3
    assert all(model.path.is_file() for model in models)
    assert all(model.path.is_relative_to(person.grid("mine").inputs) for model in models[:2])
    assert models[2].path == other
    assert not waiting.exists()


def test_photos_are_imported_and_built_before_the_grid_is_planned(
    workspace: Workspace, tmp_path: Path
) -> None:
    nobody = make_person(workspace, "No Dataset")
    photos = tmp_path / "photos"
    photos.mkdir()
    wanted = OwnLoras([lora(tmp_path / "a.safetensors")], BASE, "mine", photos=[photos])
    jobs = compare_loras(workspace, nobody.slug, wanted)
    kinds = ["dataset.import", "dataset.build", "grid.plan", "grid.cells"]
    assert [job.kind for job in jobs[:4]] == kinds
    for before, job in pairwise(jobs):
        assert list(job.needs) == [before.id]
    plan = read_plan(nobody.grid("mine"))
    with pytest.raises(InputError, match="no dataset yet"):
        with_dataset(plan, nobody)
    make_dataset(nobody)
    assert with_dataset(plan, nobody).dataset == 1


def test_bad_files_import_no_photos(
    workspace: Workspace, person: PersonFolder, tmp_path: Path
) -> None:
    wanted = OwnLoras([tmp_path / "missing.safetensors"], BASE, "mine", photos=[tmp_path])
    with pytest.raises(FaultsError, match="missing"):
        compare_loras(workspace, person.slug, wanted)
    compare_loras(workspace, person.slug, OwnLoras([lora(tmp_path / "a.safetensors")], BASE, "it"))
    before = Queue(workspace).jobs()
    taken = OwnLoras([lora(tmp_path / "b.safetensors")], BASE, "it", photos=[tmp_path])
    with pytest.raises(InputError, match="exists already"):
        compare_loras(workspace, person.slug, taken)
    assert Queue(workspace).jobs() == before
