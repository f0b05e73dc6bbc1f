"""Tiny checkpoints with the real classes and random weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Models this small only lose time by being shared among threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


WORDS = ["photo", "of", "woman", "blh", "suit", "red", ","]


def write_tokenizer(folder: Path, pad: str) -> None:
    """A vocabulary of letters and a few words, in CLIPTokenizer's files."""
    from transformers import CLIPTokenizer

    letters = [chr(n) for n in range(33, 127)]
    vocabulary = [*letters, *(c + "</w>" for c in letters)]
    merges = []
    for word in WORDS:
        parts = [*word[:-1], word[-1] + "</w>"]
        while len(parts) > 1:
            merges.append(f"{parts[0]} {parts[1]}")
            parts = [parts[0] + parts[1], *parts[2:]]
            if parts[0] not in vocabulary:
                vocabulary.append(parts[0])
    vocabulary += ["<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True)
    (folder / "v.json").write_text(json.dumps({w: n for n, w in enumerate(vocabulary)}))
    (folder / "m.txt").write_text("\n".join(["#version: 0.2", *dict.fromkeys(merges)]) + "\n")
    tokenizer = CLIPTokenizer(
        str(folder / "v.json"), str(folder / "m.txt"), pad_token=pad, model_max_length=77
    )
    for name in ("v.json", "m.txt"):
        (folder / name).unlink()
    tokenizer.save_pretrained(folder)


def text_config(folder: Path, **changes: Any) -> Any:
    from transformers import CLIPTextConfig, CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(folder)
    return CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=2,
        projection_dim=32,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        **changes,
    )


UNET = {
    "sample_size": 8,
    "layers_per_block": 1,
    "block_out_channels": (16, 32),
    "norm_num_groups": 8,
    "attention_head_dim": 8,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
}
VAE = {
    "block_out_channels": (16, 16, 16),
    "down_block_types": ("DownEncoderBlock2D",) * 3,
    "up_block_types": ("UpDecoderBlock2D",) * 3,
    "norm_num_groups": 8,
    "latent_channels": 4,
}
SCHEDULER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
    "clip_sample": False,
    "set_alpha_to_one": False,
}


def write_folder(root: Path, sdxl: bool) -> Path:
    """A whole diffusers folder, SD1.5-shaped or SDXL-shaped."""
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(7)
    extra: dict[str, Any] = {"cross_attention_dim": 32}
    if sdxl:
        extra = {
            "cross_attention_dim": 64,
            "use_linear_projection": True,
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 8,
            "projection_class_embeddings_input_dim": 32 + 6 * 8,
        }
    UNet2DConditionModel(**UNET, **extra).save_pretrained(root / "unet")
    AutoencoderKL(**VAE).save_pretrained(root / "vae")
    DDIMScheduler(**SCHEDULER).save_pretrained(root / "scheduler")
    write_tokenizer(root / "tokenizer", "<|endoftext|>")
    CLIPTextModel(text_config(root / "tokenizer")).save_pretrained(root / "text_encoder")
    index = {"_class_name": "StableDiffusionPipeline", "text_encoder": ["t", "CLIPTextModel"]}
    if sdxl:
        index["_class_name"] = "StableDiffusionXLPipeline"
        write_tokenizer(root / "tokenizer_2", "!")
        second = CLIPTextModelWithProjection(text_config(root / "tokenizer_2", hidden_act="gelu"))
        second.save_pretrained(root / "text_encoder_2")
    (root / "model_index.json").write_text(json.dumps(index))
    return root


@pytest.fixture(scope="session")
def sd15_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("sd15"), sdxl=False)


@pytest.fixture(scope="session")
def sdxl_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("sdxl"), sdxl=True)


@pytest.fixture(scope="session")
def sd15(sd15_folder: Path) -> Any:
    from lib_t2p.diffusion.checkpoint_loader import load_checkpoint

    return load_checkpoint(sd15_folder)


@pytest.fixture(scope="session")
def sdxl(sdxl_folder: Path) -> Any:
    from lib_t2p.diffusion.checkpoint_loader import load_checkpoint

    return load_checkpoint(sdxl_folder)
