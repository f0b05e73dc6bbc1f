"""Reading tensors of a file, ahead or one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from lib_t2p.diffusion.families import UNET  # noqa: E402
from lib_t2p.diffusion.single_file_parts import SD15_TEXT, VAE, read_ahead  # noqa: E402
from lib_t2p.diffusion.tensor_file import ReadAhead, TensorFile  # noqa: E402
from lib_t2p.errors import CheckpointError  # noqa: E402


@pytest.fixture()
def tensors() -> dict[str, Any]:
    torch.manual_seed(2)
    return {
        "half": torch.randn(3, 5).half(),
        "brain": torch.randn(7).bfloat16(),
        "whole": torch.arange(6).reshape(1, 2, 3),
        "single": torch.randn(2, 2),
        "nothing": torch.zeros(0),
        "number": torch.tensor(3.0),
    }


@pytest.fixture()
def path(tmp_path: Path, tensors: dict[str, Any]) -> Path:
    file = tmp_path / "täst file.safetensors"
    save_file(tensors, file)
    return file


def test_each_tensor_is_read_as_it_was_saved(path: Path, tensors: dict[str, Any]) -> None:
    file = TensorFile(path)
    assert set(file.keys()) == set(tensors)
    for name, wanted in tensors.items():
        found = file.get_tensor(name)
        assert found.dtype == wanted.dtype
        assert torch.equal(found, wanted)


def test_tensors_read_ahead_come_in_the_wanted_format(path: Path, tensors: dict[str, Any]) -> None:
    file = ReadAhead(path, lambda name: None if name == "whole" else torch.float32)
    for name in reversed(list(tensors)):
        found = file.get_tensor(name)
        assert found.dtype == (torch.int64 if name == "whole" else torch.float32)
        assert torch.equal(found, tensors[name].to(found.dtype))


def test_a_tensor_may_be_asked_for_twice(path: Path, tensors: dict[str, Any]) -> None:
    file = ReadAhead(path, lambda name: torch.float32)
    first, second = file.get_tensor("single"), file.get_tensor("single")
    assert torch.equal(first, second)
    assert first.data_ptr() != second.data_ptr()


def test_a_file_that_vanishes_is_a_checkpoint_error(path: Path) -> None:
    file = TensorFile(path)
    path.unlink()
    with pytest.raises(CheckpointError, match="cannot be read"):
        file.get_tensor("half")


def test_a_file_cut_off_while_it_is_open_is_a_checkpoint_error(path: Path) -> None:
    file = TensorFile(path)
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size - 100)
    with pytest.raises(CheckpointError, match="cannot be read"):
        for name in file.keys():  # noqa: SIM118
            file.get_tensor(name)


def test_a_damaged_header_is_a_checkpoint_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"\xff" * 64)
    with pytest.raises(CheckpointError):
        ReadAhead(broken, lambda name: torch.float32)


def test_only_what_a_training_uses_is_read(tmp_path: Path) -> None:
    one = torch.ones(2).half()
    names = [UNET + "a", SD15_TEXT + "b", VAE + "encoder.c", VAE + "decoder.d", "model_ema.e"]
    save_file({name: one.clone() for name in names}, tmp_path / "one.safetensors")
    file = read_ahead(tmp_path / "one.safetensors", torch.bfloat16, with_decoder=False)
    kinds = [file.get_tensor(name).dtype for name in names]
    assert kinds == [torch.bfloat16, torch.bfloat16, torch.float32, torch.float16, torch.float16]
