"""Every file that is no usable checkpoint is refused with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.diffusion.families import Family, recognise
from lib_t2p.errors import CheckpointError

U = "model.diffusion_model."
IN = U + "input_blocks.0.0.weight"
SMALL = U + "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
LARGE = U + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight"


def write(path: Path, shapes: dict[str, list[int]]) -> Path:
    """A file with a true header and as many zero bytes as it promises (kept small by U8)."""
    header: dict[str, Any] = {}
    at = 0
    for name, shape in shapes.items():
        size = 1
        for side in shape:
            size *= side
        header[name] = {"dtype": "U8", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    body = json.dumps(header).encode()
    path.write_bytes(len(body).to_bytes(8, "little") + body + bytes(at))
    return path


@pytest.mark.parametrize(
    ("shapes", "family"),
    [
        ({IN: [320, 4, 3, 3], SMALL: [320, 768]}, Family.SD15),
        ({IN: [320, 4, 3, 3], LARGE: [640, 2048]}, Family.SDXL),
    ],
)
def test_both_families_are_recognised(
    shapes: dict[str, list[int]], family: Family, tmp_path: Path
) -> None:
    assert recognise(write(tmp_path / "a.safetensors", shapes)) is family


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        ({IN: [320, 4, 3, 3], SMALL: [320, 1024]}, "is an SD2 checkpoint"),
        ({IN: [320, 4, 3, 3], LARGE: [768, 1280]}, "is an SDXL refiner"),
        ({IN: [320, 9, 3, 3], SMALL: [320, 768]}, "inpainting"),
        ({IN: [320, 8, 3, 3], SMALL: [320, 768]}, "takes 8 latent channels"),
        ({IN: [320, 4, 3, 3]}, "unknown family"),
        ({U + "joint_blocks.0.x": [4]}, "SD3"),
        ({U + "double_blocks.0.img_attn.norm.key_norm.scale": [4]}, "Flux"),
        ({"lora_unet_down_blocks_0.lora_down.weight": [4, 4]}, "is a LoRA"),
        ({"unet.down_blocks.0.attn.lora_A.weight": [4, 4]}, "is a LoRA"),
        ({"emb_params": [4, 768]}, "textual inversion"),
        ({"decoder.conv_in.weight": [4]}, "one part"),
        ({"fc.weight": [4]}, "is no Stable Diffusion checkpoint"),
        ({}, "is no Stable Diffusion checkpoint"),
    ],
)
def test_other_files_are_refused_with_the_reason(
    shapes: dict[str, list[int]], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match=reason) as caught:
        recognise(write(tmp_path / "a.safetensors", shapes))
    assert "use an SD1.5 or SDXL base checkpoint" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.ckpt", "a.pt", "a.bin"])
def test_pickles_are_never_opened(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\x80\x02}")
    with pytest.raises(CheckpointError, match="pickled checkpoint"):
        recognise(tmp_path / name)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.safetensors", {IN: [320, 4, 3, 3], SMALL: [320, 768]})
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(CheckpointError, match=r"cut off.*download the checkpoint again"):
        recognise(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff" * 64, b"\x02\0\0\0\0\0\0\0[]"])
def test_junk_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError):
        recognise(tmp_path / "a.safetensors")


def test_missing_and_foreign_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="There is no checkpoint"):
        recognise(tmp_path / "none.safetensors")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(CheckpointError, match=r"no \.safetensors file"):
        recognise(tmp_path / "a.txt")


def folder(root: Path, pipeline: str, unet: dict[str, Any], **index: Any) -> Path:
    (root / "unet").mkdir()
    (root / "model_index.json").write_text(json.dumps({"_class_name": pipeline, **index}))
    (root / "unet" / "config.json").write_text(json.dumps(unet))
    return root


@pytest.mark.parametrize(
    ("pipeline", "unet", "reason"),
    [
        ("StableDiffusionPipeline", {"cross_attention_dim": 1024}, "SD2"),
        ("StableDiffusionInpaintPipeline", {"in_channels": 9}, "inpainting"),
        ("StableDiffusion3Pipeline", {}, "made for StableDiffusion3Pipeline"),
        ("FluxPipeline", {}, "made for FluxPipeline"),
        ("StableDiffusionXLPipeline", {"addition_embed_type": "text_time"}, "refiner"),
    ],
)
def test_foreign_folders_are_refused(
    pipeline: str, unet: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match=reason):
        recognise(folder(tmp_path, pipeline, unet))


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"model_index\.json is missing"):
        recognise(tmp_path)
    (tmp_path / "model_index.json").write_text("{")
    with pytest.raises(CheckpointError, match="damaged"):
        recognise(tmp_path)


def test_a_small_folder_of_the_right_shape_is_sd15(tmp_path: Path) -> None:
    made = folder(tmp_path, "StableDiffusionPipeline", {"cross_attention_dim": 64})
    assert recognise(made) is Family.SD15
