"""The two trainers that are compared, each as a command for one measurement."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lib_t2p.diffusion.clip_vocabulary import write_tokenizer_files
from lib_t2p.files import write_text
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.runs.trainers.builtin.trainer import BuiltinTrainer
from lib_t2p.settings.settings import settings_from
from lib_t2p.workspace.person import PersonFolder

PHOTOS = "2_ohwx woman"
PERSON = "benchmark"


@dataclass(frozen=True)
class Work:
    """What both trainers do: the same checkpoint, photos, modules, number format and size.

    Attributes:
        checkpoint: a single-file SD1.5 checkpoint.
        scratch: folder of everything that is written.
        resolution: pixels along a side.
        steps: optimizer steps.
        threads: of either.
        settings: what a variant changes, by sd-scripts' option names.
    """

    checkpoint: Path
    scratch: Path
    resolution: int
    steps: int
    threads: int
    settings: Mapping[str, Any] = field(default_factory=dict)

    def values(self, seed: int) -> dict[str, Any]:
        """All settings."""
        return {
            "resolution": f"{self.resolution},{self.resolution}",
            "network_dim": 4,
            "network_alpha": 1,
            "train_batch_size": 1,
            "max_train_steps": self.steps,
            "learning_rate": 1e-3,
            "mixed_precision": "no",
            "optimizer_type": "AdamW",
            "cache_latents": True,
            "seed": seed,
            **self.settings,
        }


@dataclass(frozen=True)
class Prepared:
    """One measurement, ready to run.

    Attributes:
        argv: program and arguments.
        cwd: where it runs.
        env: variables.
        step: finds "step n is done"; group 1 is n.
        events: folder of its TensorBoard files.
        models: folder of its LoRA.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: dict[str, str]
    step: re.Pattern[str]
    events: Path
    models: Path


def draw_photos(work: Work) -> Path:
    """Draw four photos of coloured patches; the folder above the kohya folder."""
    person = PersonFolder(work.scratch / "people" / PERSON)
    root = person.dataset(1).img
    folder = root / PHOTOS
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    for number in range(4):
        patches = Image.fromarray(random.integers(0, 255, (8, 8, 3), dtype=np.uint8))
        patches.resize((256, 256)).save(folder / f"photo-{number}.png")
    return root


def builtin(work: Work, name: str, seed: int) -> Prepared:
    """Our trainer on a new run."""
    draw_photos(work)
    person = PersonFolder(work.scratch / "people" / PERSON)
    shutil.rmtree(person.run(name).root, ignore_errors=True)
    run = Run(
        person=person.slug,
        name=name,
        dataset=1,
        checkpoint=str(work.checkpoint),
        trainer="builtin",
        settings=settings_from({**work.values(seed), "max_train_epochs": None}),
        trigger="ohwx",
        class_word="woman",
    )
    folder = create_run(person, run)
    command = BuiltinTrainer().command(folder, run, again=False, environ=os.environ)
    env = {**command.env, "OMP_NUM_THREADS": str(work.threads)}
    step = re.compile(r'"type":"progress","t":[\d.]+,"done":(\d+),"total":\d+,"unit":"step"')
    return Prepared(command.argv, work.scratch, env, step, folder.tb, folder.model)


def sd_scripts(work: Work, folder: Path, python: Path, name: str, seed: int) -> Prepared:
    """sd-scripts without accelerate's launcher, which would only make it slower to start."""
    photos = draw_photos(work)
    out = work.scratch / "sd-scripts" / name
    shutil.rmtree(out, ignore_errors=True)
    options = {
        "pretrained_model_name_or_path": work.checkpoint,
        "train_data_dir": photos,
        "output_dir": out,
        "output_name": name,
        "logging_dir": out / "log",
        "save_model_as": "safetensors",
        "network_module": "networks.lora",
        "tokenizer_cache_dir": _tokenizer(work.scratch / "tokenizer"),
        # Its fastest way on a processor; ours is the same.
        "sdpa": True,
        **work.values(seed),
    }
    argv = [str(python), "train_network.py"]
    for key, value in options.items():
        if value is True:
            argv.append(f"--{key}")
        elif value is not False and value is not None:
            argv += [f"--{key}", str(value)]
    env = {
        "HF_HUB_OFFLINE": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        "OMP_NUM_THREADS": str(work.threads),
        "PYTHONUNBUFFERED": "1",
    }
    step = re.compile(r"steps:[^\r\n|]*\|[^\r\n|]*\| (\d+)/\d+ \[")
    return Prepared(tuple(argv), folder, env, step, out / "log", out)


def _tokenizer(root: Path) -> Path:
    """CLIP's tokenizer where sd-scripts looks for it, made of the vocabulary that we have."""
    folder = root / "openai_clip-vit-large-patch14"
    if not (folder / "tokenizer_config.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_tokenizer_files(folder)
        marks = '"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", '
        marks += '"unk_token": "<|endoftext|>", "pad_token": "<|endoftext|>"'
        write_text(folder / "special_tokens_map.json", "{" + marks + "}\n")
        more = ', "model_max_length": 77, "do_lower_case": true, "errors": "replace", '
        more += '"tokenizer_class": "CLIPTokenizer"'
        write_text(folder / "tokenizer_config.json", "{" + marks + more + "}\n")
    return root
