"""Metadata as sd-scripts writes them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from lib_t2p.lora.metadata import (
    FolderFacts,
    TrainingFacts,
    base_hashes,
    model_hashes,
    spec_metadata,
    training_metadata,
)
from lib_t2p.settings.settings import settings_from

FACTS = TrainingFacts(
    family="sd15",
    session=1,
    started=1795396323.4,
    train_images=8,
    reg_images=0,
    batches_per_epoch=8,
    epochs=1,
    steps=8,
    optimizer="torch.optim.adamw.AdamW",
    folders=[FolderFacts("2_ohwx person", 2, 4, {"ohwx person, red": 3, "ohwx person": 1})],
    buckets={(64, 64): 8},
    base_name="base.safetensors",
    base_hashes=("e71de664", "e68636852c2a"),
    network_args={},
)


def metadata(**values: Any) -> dict[str, str]:
    settings = vars(settings_from(values))
    made = training_metadata(settings, FACTS, output_name="a", epoch=1, step=8, finished=2.0)
    return {**made, **spec_metadata(settings, FACTS, title="a")}


def test_the_keys_are_those_of_sd_scripts(shared: Path) -> None:
    text = (shared / "contracts/sd-scripts/metadata/v0.10.txt").read_text(encoding="utf-8")
    pairs = [line.strip().split(" = ", 1) for line in text.splitlines() if " = " in line]
    theirs = {key for key, _ in pairs if key.startswith(("ss_", "modelspec"))}
    assert theirs - set(metadata()) == {"modelspec.implementation_version"}
    assert set(metadata()) - theirs == set()


def test_the_values_are_written_as_sd_scripts_writes_them() -> None:
    written = metadata(resolution=128)
    assert written["ss_resolution"] == "(128, 128)"
    assert written["ss_noise_offset"] == "None"
    assert written["ss_bucket_info"] == "null"
    assert written["modelspec.resolution"] == "128x128"
    assert json.loads(written["ss_tag_frequency"]) == {
        "2_ohwx person": {"ohwx person": 4, "red": 3}
    }


def test_little_is_left_without_metadata() -> None:
    settings = vars(settings_from({"no_metadata": True, "network_dim": 8}))
    made = training_metadata(settings, FACTS, output_name="a", epoch=1, step=8, finished=2.0)
    assert made["ss_network_dim"] == "8"
    assert "ss_dataset_dirs" not in made
    assert {"ss_epoch", "ss_steps"} <= set(made)


def test_the_model_hash_covers_the_tensors_only() -> None:
    one = (3).to_bytes(8, "little") + b"{ }" + b"tensors"
    two = (2).to_bytes(8, "little") + b"{}" + b"tensors"
    assert model_hashes(one)[0] == model_hashes(two)[0] == hashlib.sha256(b"tensors").hexdigest()


def test_a_folder_has_no_hash(tmp_path: Path) -> None:
    file = tmp_path / "base.safetensors"
    file.write_bytes(bytes(0x110000))
    assert base_hashes(tmp_path) is None
    found = base_hashes(file)
    assert found is not None
    assert found[0] == hashlib.sha256(bytes(0x10000)).hexdigest()[:8]
