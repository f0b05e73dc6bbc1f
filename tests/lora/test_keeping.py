"""The chosen LoRA leaves the trial folder; nothing is ever replaced."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lora_fakes import tensors, write_lora
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lib_t2p.errors import LoraError
from lib_t2p.lora.card import LoraCard
from lib_t2p.lora.kept_loras import clean_trial, keep, trial_files
from lib_t2p.lora.trial import install_trial

STEM = "t2p_ada_first_e08"


@pytest.fixture
def loras(tmp_path: Path) -> Path:
    return tmp_path / "Lora"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return write_lora(tmp_path / "run" / f"{STEM}.safetensors")


def test_a_trial_model_moves_out_with_card_and_picture(
    loras: Path, saved: Path, tmp_path: Path
) -> None:
    info = PngInfo()
    info.add_text("parameters", "secret place")
    Image.new("RGB", (900, 600), "red").save(tmp_path / "p.png", pnginfo=info)
    trial = install_trial(saved, loras, STEM)
    card = LoraCard(activation_text="ohwx woman", preferred_weight=0.9)
    kept = keep(trial, loras, card=card, preview=tmp_path / "p.png")
    assert kept == loras / "t2p" / f"{STEM}.safetensors"
    assert kept.samefile(saved)
    assert list((loras / "t2p" / "_trial").iterdir()) == []
    assert json.loads(kept.with_suffix(".json").read_text())["activation text"] == "ohwx woman"
    with Image.open(kept.with_suffix(".png")) as picture:
        assert (picture.size, picture.info) == ((768, 512), {})


def test_keeping_twice_changes_nothing(loras: Path, saved: Path) -> None:
    kept = keep(install_trial(saved, loras, STEM), loras, card=LoraCard(notes="first"))
    kept.with_suffix(".json").write_text('{"notes": "mine"}', encoding="utf-8")
    again = keep(install_trial(saved, loras, STEM), loras, card=LoraCard(notes="second"))
    assert again == kept
    assert kept.with_suffix(".json").read_text(encoding="utf-8") == '{"notes": "mine"}'
    assert len(list(loras.rglob("*.safetensors"))) == 1


def test_a_model_that_was_never_on_trial_is_linked(loras: Path, saved: Path) -> None:
    assert keep(saved, loras, stem="Ada v1").samefile(saved)
    assert (loras / "t2p" / "Ada v1.safetensors").exists()
    assert saved.exists()


@pytest.mark.parametrize("taken", ["ada", "ADA"])
def test_a_name_that_another_lora_has_is_refused(loras: Path, saved: Path, taken: str) -> None:
    other = write_lora(loras / "mine" / f"{taken}.safetensors", tensors(alpha=1.0))
    before = other.read_bytes()
    with pytest.raises(LoraError, match="is another LoRA named ada"):
        keep(saved, loras, stem="ada")
    assert other.read_bytes() == before


def test_a_model_that_a_person_moved_elsewhere_counts_as_kept(loras: Path, saved: Path) -> None:
    moved = loras / "people" / saved.name
    moved.parent.mkdir(parents=True)
    shutil.copy(saved, moved)
    assert keep(saved, loras, card=LoraCard(notes="n")) == moved
    assert moved.with_suffix(".json").exists()


@pytest.mark.parametrize("stem", ["../a", "a/b", "a\nb", " a", ".a", 'a"b'])
def test_a_name_must_be_a_plain_one(loras: Path, saved: Path, stem: str) -> None:
    with pytest.raises(LoraError, match="name of a LoRA"):
        keep(saved, loras, stem=stem)


def test_a_preview_that_is_no_picture_is_one_sentence(loras: Path, saved: Path) -> None:
    with pytest.raises(LoraError, match="is no picture"):
        keep(saved, loras, preview=saved)


def test_only_models_that_a_run_still_has_are_cleaned_up(loras: Path, saved: Path) -> None:
    trial = install_trial(saved, loras, STEM)
    trial.with_suffix(".json").write_text("{}", encoding="utf-8")
    orphan = write_lora(loras / "t2p" / "_trial" / "gone.safetensors", tensors(alpha=1.0))
    files = trial_files(loras, [saved])
    assert [(f.path.stem, f.origin, f.frees > 0) for f in files] == [
        ("gone", None, True),
        (STEM, saved, False),
    ]
    removed, told = clean_trial(files)
    assert removed == [trial]
    assert saved.exists()
    assert list(trial.parent.iterdir()) == [orphan]
    assert "gone.safetensors stays: its run is gone" in told[0]
