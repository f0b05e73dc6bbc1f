"""Tiny bases with the real classes and random weights, and a person with a dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import PersonFolder, RunFolder

TINY = {
    "resolution": "32,32",
    "network_dim": 4,
    "network_alpha": 4,
    "network_args": ["conv_dim=2", "conv_alpha=2"],
    "learning_rate": 1e-3,
    "train_batch_size": 2,
    "max_train_epochs": 2,
    "save_every_n_epochs": 1,
    "save_state": True,
    "cache_latents": True,
    "seed": 1,
}
"""Settings that train in a second."""


def write_tokenizer(folder: Path, pad: str) -> None:
    """A vocabulary of letters in CLIPTokenizer's files."""
    from transformers import CLIPTokenizer

    letters = [chr(n) for n in range(33, 127)]
    words = [*letters, *(c + "</w>" for c in letters), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True)
    vocabulary, merges = folder / "v.json", folder / "m.txt"
    vocabulary.write_text(json.dumps({w: n for n, w in enumerate(words)}))
    merges.write_text("#version: 0.2\n")
    made = CLIPTokenizer(str(vocabulary), str(merges), pad_token=pad, model_max_length=77)
    vocabulary.unlink()
    merges.unlink()
    made.save_pretrained(folder)


def text_config(folder: Path) -> Any:
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
    )


def write_base(root: Path, *, sdxl: bool) -> Path:
    """A whole diffusers folder of either family, with all module kinds of the real ones."""
    import torch
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
    UNet2DConditionModel(
        sample_size=8,
        layers_per_block=1,
        block_out_channels=(16, 32),
        norm_num_groups=8,
        attention_head_dim=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **extra,
    ).save_pretrained(root / "unet")
    AutoencoderKL(
        block_out_channels=(16, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        norm_num_groups=8,
        latent_channels=4,
    ).save_pretrained(root / "vae")
    DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        steps_offset=1,
    ).save_pretrained(root / "scheduler")
    write_tokenizer(root / "tokenizer", "<|endoftext|>")
    CLIPTextModel(text_config(root / "tokenizer")).save_pretrained(root / "text_encoder")
    index: dict[str, Any] = {
        "_class_name": "StableDiffusionPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "safety_checker": [None, None],
        "feature_extractor": [None, None],
        "image_encoder": [None, None],
        "requires_safety_checker": False,
    }
    if sdxl:
        index["_class_name"] = "StableDiffusionXLPipeline"
        index["text_encoder_2"] = ["transformers", "CLIPTextModelWithProjection"]
        index["tokenizer_2"] = ["transformers", "CLIPTokenizer"]
        del index["safety_checker"], index["requires_safety_checker"]
        write_tokenizer(root / "tokenizer_2", "!")
        second = CLIPTextModelWithProjection(text_config(root / "tokenizer_2"))
        second.save_pretrained(root / "text_encoder_2")
    (root / "model_index.json").write_text(json.dumps(index))
    return root


def write_pictures(folder: Path, sizes: list[tuple[int, int]], seed: int = 0) -> None:
    """Pictures of noise, one per size (width, height)."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    for number, (width, height) in enumerate(sizes):
        pixels = random.integers(0, 255, (height, width, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"photo-{number}.png")


def make_person(root: Path, pictures: int = 4, regs: int = 0) -> PersonFolder:
    """A person with dataset 1."""
    person = PersonFolder(root / "people" / "ada")
    dataset = person.dataset(1)
    if pictures:
        write_pictures(dataset.img / "1_blh woman", [(32, 32)] * pictures)
    if regs:
        write_pictures(dataset.reg / "1_woman", [(32, 32)] * regs, seed=5)
    return person


def make_run(
    person: PersonFolder,
    base: Path,
    name: str = "first",
    trainer: str = "builtin",
    **changes: Any,
) -> RunFolder:
    """A run of that person on dataset 1, with the tiny settings and changes."""
    run = Run(
        person=person.slug,
        name=name,
        dataset=1,
        checkpoint=str(base),
        trainer=trainer,
        settings=settings_from({**TINY, **changes}),
        trigger="blh",
        class_word="woman",
    )
    return create_run(person, run)


class RecordingReporter:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.steps: list[tuple[int, int, str]] = []
        self.metrics: dict[str, list[tuple[int, float]]] = {}
        self.images: list[str] = []
        self.warnings: list[str] = []
        self.left: list[float | None] = []
        self.epochs: list[int | None] = []
        self.models: list[tuple[str, int, int]] = []

    def phase(self, name: str) -> None:
        self.phases.append(name)

    def progress(
        self,
        done: int,
        total: int,
        unit: str,
        *,
        seconds_left: float | None = None,
        epoch: int | None = None,
    ) -> None:
        self.steps.append((done, total, unit))
        self.left.append(seconds_left)
        self.epochs.append(epoch)

    def metric(self, tag: str, step: int, value: float) -> None:
        self.metrics.setdefault(tag, []).append((step, value))

    def image(self, path: str, caption: str) -> None:
        self.images.append(path)

    def saved(self, path: str, epoch: int, step: int) -> None:
        self.models.append((Path(path).stem, epoch, step))

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def check_stop(self) -> None:
        return None

    def stop_after_save(self) -> bool:
        return False

    def device_variables(self) -> dict[str, str]:
        return {}
