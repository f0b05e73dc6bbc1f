"""What a LoRA file says of itself, and whether that is true."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lora_fakes import TEXT, UNET, tensors, write_lora
from safetensors.numpy import save_file

from lib_t2p.errors import LoraError
from lib_t2p.lora.metadata import model_hashes
from lib_t2p.lora.odd_weights import oddities
from lib_t2p.lora.summary import summarise


def odd(path: Path) -> str:
    return "\n".join(oddities(summarise(path)))


def test_network_base_and_data_are_read(tmp_path: Path) -> None:
    lora = summarise(write_lora(tmp_path / "a.safetensors"))
    assert (lora.network.kind, lora.family, dict(lora.network.ranks)) == ("LoRA", "sd15", {4: 2})
    assert (lora.network.unet_modules, lora.network.text_modules) == (1, 1)
    assert dict(lora.health.alphas) == {UNET: 2.0, TEXT: 2.0}
    assert [(f.name, f.repeats, f.pictures, f.is_reg) for f in lora.folders] == [
        ("10_ohwx woman", 10, 33, False),
        ("1_woman", 1, 330, True),
    ]
    assert list(lora.tags) == ["ohwx woman", "smile"]
    assert lora.recorded("ss_min_snr_gamma") == ""
    assert oddities(lora) == []


@pytest.mark.parametrize(("context", "family"), [(768, "sd15"), (1024, "sd2"), (2048, "sdxl")])
def test_the_family_is_told_by_the_width_of_the_text(
    tmp_path: Path, context: int, family: str
) -> None:
    arrays = tensors(context=context)
    assert summarise(write_lora(tmp_path / "a.safetensors", arrays)).family == family


def test_convolutions_make_it_a_locon(tmp_path: Path) -> None:
    arrays = tensors()
    stem = "lora_unet_down_blocks_0_resnets_0_conv1"
    arrays[f"{stem}.lora_down.weight"] = np.ones((2, 4, 3, 3), np.float16)
    arrays[f"{stem}.lora_up.weight"] = np.ones((8, 2, 1, 1), np.float16)
    network = summarise(write_lora(tmp_path / "a.safetensors", arrays)).network
    assert (network.kind, dict(network.ranks), dict(network.conv_ranks)) == (
        "LoCon",
        {4: 2},
        {2: 1},
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("lora_unet_x.hada_w1_a", "LoHa"),
        ("lora_unet_x.lokr_w1", "LoKr"),
        ("x.lora_A.weight", "LoRA"),
    ],
)
def test_other_kinds_are_told(tmp_path: Path, name: str, kind: str) -> None:
    path = write_lora(tmp_path / "a.safetensors", {name: np.ones((2, 2), np.float16)})
    assert summarise(path).network.kind == kind


def test_hashes_are_those_of_the_webui_and_do_not_change_with_metadata(tmp_path: Path) -> None:
    path = write_lora(tmp_path / "a.safetensors")
    other = write_lora(tmp_path / "b.safetensors", ss_training_comment="more")
    data = path.read_bytes()
    hashes = summarise(path).hashes
    assert (hashes.tensors, hashes.legacy) == model_hashes(data)
    assert hashes.whole == hashlib.sha256(data).hexdigest()
    assert hashes.webui() == summarise(other).hashes.webui() == hashes.tensors[:12]
    assert hashes.webui("abcdef0123456789") == "abcdef012345"
    assert hashes.civitai != summarise(other).hashes.civitai


def test_a_recorded_hash_of_other_tensors_is_odd(tmp_path: Path) -> None:
    path = write_lora(tmp_path / "a.safetensors", sshs_model_hash="0" * 64)
    assert "changed after training" in odd(path)
    good = summarise(path).hashes.tensors
    assert odd(write_lora(tmp_path / "b.safetensors", sshs_model_hash=good)) == ""


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ({"ss_network_dim": "128"}, "rank 128, the tensors have 4"),
        ({"ss_network_alpha": "1.0"}, "alpha 1.0, the tensors have 2"),
        ({"ss_base_model_version": "sdxl_base_v1-0"}, "say sdxl, the shapes are of sd15"),
    ],
)
def test_metadata_that_do_not_fit_are_odd(
    tmp_path: Path, metadata: dict[str, str], sentence: str
) -> None:
    assert sentence in odd(write_lora(tmp_path / "a.safetensors", **metadata))


def test_a_lora_that_learnt_nothing_is_odd(tmp_path: Path) -> None:
    assert "never learnt" in odd(write_lora(tmp_path / "a.safetensors", tensors(up=0.0)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_odd(tmp_path: Path, bad: float) -> None:
    arrays = tensors()
    arrays[f"{UNET}.lora_up.weight"][3, 1] = bad
    assert f"(such as {UNET}.lora_up.weight)" in odd(write_lora(tmp_path / "a.safetensors", arrays))


def test_a_missing_half_and_missing_alphas_are_odd(tmp_path: Path) -> None:
    arrays = {k: v for k, v in tensors().items() if "alpha" not in k}
    del arrays[f"{TEXT}.lora_up.weight"]
    text = odd(write_lora(tmp_path / "a.safetensors", arrays))
    assert "1 modules lack one of their two matrices" in text
    assert "has no alphas" in text


def test_without_metadata_it_still_is_a_lora(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file(tensors(), path)
    assert "no training metadata" in odd(path)
    assert summarise(path).family == "sd15"


@pytest.mark.parametrize("value", ["{", "[1]", '{"a": 1}', '{"a": {"n_repeats": "x"}}', "[" * 9999])
def test_damaged_metadata_are_overlooked(tmp_path: Path, value: str) -> None:
    lora = summarise(
        write_lora(tmp_path / "a.safetensors", ss_dataset_dirs=value, ss_tag_frequency=value)
    )
    assert lora.tags == {}
    assert [f.pictures for f in lora.folders if f.name == "10_ohwx woman"] == []


def test_other_files_are_one_sentence(tmp_path: Path) -> None:
    checkpoint = tmp_path / "model.safetensors"
    save_file({"model.diffusion_model.w": np.ones((2, 2), np.float16)}, checkpoint)
    pickled = tmp_path / "x.pt"
    pickled.write_bytes(b"PK")
    cases: list[tuple[Path, Any]] = [(checkpoint, "holds no LoRA"), (pickled, "foreign code")]
    for path, sentence in cases:
        with pytest.raises(LoraError, match=sentence) as caught:
            summarise(path)
        assert "\n" not in str(caught.value)


def test_bf16_is_read(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file as save_torch

    path = tmp_path / "b.safetensors"
    arrays = {k: torch.from_numpy(v).to(torch.bfloat16) for k, v in tensors().items()}
    save_torch(arrays, path, {"ss_network_dim": "4"})
    assert set(summarise(path).health.alphas.values()) == {2.0}
