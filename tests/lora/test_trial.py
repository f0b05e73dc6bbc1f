"""Models under test get a name of their own in the folder of LoRAs."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from lib_t2p.errors import LoraError
from lib_t2p.lora.trial import FOLDER, install_trial, loras_stamp


def model(path: Path, content: bytes = b"abcd") -> Path:
    header = b'{"lora_unet_x.lora_down.weight":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(header).to_bytes(8, "little") + header + content)
    return path


def test_a_model_is_linked_into_the_trial_folder(tmp_path: Path) -> None:
    source = model(tmp_path / "run" / "m.safetensors")
    placed = install_trial(source, tmp_path / "Lora", "t2p_ada_first_e01")
    assert placed == tmp_path / "Lora/t2p/_trial/t2p_ada_first_e01.safetensors"
    assert placed.samefile(source)


def test_a_model_on_another_drive_is_copied(tmp_path: Path) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "other device")

    source = model(tmp_path / "m.safetensors")
    placed = install_trial(source, tmp_path / "Lora", "a", link=refuse)
    assert placed.read_bytes() == source.read_bytes()
    assert not placed.samefile(source)


def test_the_same_model_is_placed_once(tmp_path: Path) -> None:
    source = model(tmp_path / "m.safetensors")
    first = install_trial(source, tmp_path / "Lora", "a")
    assert install_trial(source, tmp_path / "Lora", "a") == first
    assert len(list((tmp_path / "Lora").rglob("*.safetensors"))) == 1


def test_another_lora_of_that_stem_anywhere_is_named_and_left_alone(tmp_path: Path) -> None:
    other = model(tmp_path / "Lora/mine/a.safetensors", b"wxyz")
    with pytest.raises(LoraError, match=r"mine.*a\.safetensors is another LoRA"):
        install_trial(model(tmp_path / "m.safetensors"), tmp_path / "Lora", "a")
    assert other.read_bytes().endswith(b"wxyz")


@pytest.mark.parametrize("stem", ["", "../a", "a/b", "a:b", "a>b"])
def test_a_stem_must_be_a_plain_name(tmp_path: Path, stem: str) -> None:
    with pytest.raises(LoraError, match="name of a LoRA"):
        install_trial(model(tmp_path / "m.safetensors"), tmp_path / "Lora", stem)


def test_a_damaged_model_is_not_installed(tmp_path: Path) -> None:
    broken = tmp_path / "m.safetensors"
    broken.write_bytes(b"no")
    with pytest.raises(LoraError):
        install_trial(broken, tmp_path / "Lora", "a")
    assert not (tmp_path / "Lora").exists()


def test_a_new_lora_of_ours_changes_the_stamp(tmp_path: Path) -> None:
    empty = loras_stamp(tmp_path)
    (tmp_path / FOLDER).mkdir(parents=True)
    before = loras_stamp(tmp_path)
    os.utime(tmp_path / FOLDER, ns=(1, 1))
    assert len({empty, before, loras_stamp(tmp_path)}) == 3
