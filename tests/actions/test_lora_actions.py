"""LoRAs of runs are kept with a card and a picture; trials are cleaned up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file
from training_fakes import make_person, make_run

from lib_t2p.actions.runs.loras import clean_trial_models, keep_lora, list_loras, trial_models
from lib_t2p.errors import InputError, LoraError
from lib_t2p.files import write_text
from lib_t2p.jobs.queue import Queue
from lib_t2p.lora.card import read_card
from lib_t2p.lora.trial import install_trial
from lib_t2p.toml_io import dump_toml
from lib_t2p.workspace.people import Person
from lib_t2p.workspace.person import Workspace, open_workspace

STEM = "t2p_ada_first_e02"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = open_workspace(tmp_path / "w")
    person = make_person(workspace.root, pictures=0)
    who = Person("Ada", "blh", "woman", "herself", "2026-01-01T00:00:00")
    write_text(person.record, dump_toml({"schema": 1, **vars(who)}))
    return workspace


@pytest.fixture
def saved(workspace: Workspace) -> Path:
    """The model of epoch 2 of a run that drew a sample of that epoch."""
    run = make_run(workspace.person("ada"), Path("/models/photon.safetensors"))
    run.model.mkdir(parents=True)
    path = run.model / f"{STEM}.safetensors"
    arrays = {
        "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight": np.ones(
            (4, 768), np.float16
        ),
        "lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight": np.ones((8, 4), np.float16),
    }
    told = {"ss_epoch": "2", "ss_steps": "20", "ss_base_model_version": "sd_v1"}
    save_file(arrays, path, told)
    run.samples.mkdir(parents=True)
    Image.new("RGB", (64, 64), "red").save(run.samples / "e01_00.png")
    Image.new("RGB", (64, 64), "blue").save(run.samples / "e02_00.png")
    return path


def test_a_kept_model_says_how_to_use_it(workspace: Workspace, saved: Path) -> None:
    install_trial(saved, workspace.loras, STEM)
    kept = keep_lora(workspace, STEM, stem="Ada", weight=0.9)
    card = read_card(kept)
    assert (card.activation_text, card.sd_version, card.preferred_weight) == (
        "blh woman",
        "SD1",
        0.9,
    )
    assert "Epoch 2, step 20 of run first, trained on photon.safetensors" in card.notes
    with Image.open(kept.with_suffix(".png")) as picture:
        assert picture.getpixel((0, 0)) == (0, 0, 255)
    assert trial_models(workspace) == []


def test_a_model_that_was_never_on_trial_is_found_by_name(
    workspace: Workspace, saved: Path
) -> None:
    assert keep_lora(workspace, STEM).samefile(saved)
    (listed,) = list_loras(workspace.loras)
    assert (listed.stem, listed.family, listed.rank, listed.on_trial) == (STEM, "sd15", "4", False)
    assert listed.has_card


def test_an_unknown_model_is_one_sentence(workspace: Workspace) -> None:
    with pytest.raises(LoraError, match="There is no LoRA 'nothing'"):
        keep_lora(workspace, "nothing")


def test_trials_are_cleaned_up_unless_a_grid_needs_them(workspace: Workspace, saved: Path) -> None:
    trial = install_trial(saved, workspace.loras, STEM)
    queue = Queue(workspace)
    job = queue.submit("grid.cells", {}, lane="paint")
    with pytest.raises(InputError, match="being painted"):
        clean_trial_models(workspace)
    queue.request_stop(job.id)
    assert clean_trial_models(workspace) == ([trial], [])
    assert saved.exists()


def test_a_name_that_is_there_twice_and_a_damaged_file_are_told(
    workspace: Workspace, saved: Path
) -> None:
    for folder in ("a", "b"):
        place = workspace.loras / folder / "x.safetensors"
        place.parent.mkdir(parents=True)
        place.write_bytes(saved.read_bytes())
    (workspace.loras / "broken.safetensors").write_bytes(b"no")
    faults = {lora.stem: lora.fault for lora in list_loras(workspace.loras)}
    assert faults["x"] == "2 files have this name: rename all but one"
    assert "broken.safetensors" in faults["broken"]
