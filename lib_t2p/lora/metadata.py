"""The `ss_*`, `sshs_*` and `modelspec.*` metadata of a LoRA, as sd-scripts writes them.

They name folders and captions but no photo file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

ALWAYS = ("ss_base_model_version", "ss_network_module", "ss_network_dim", "ss_network_alpha",
          "ss_network_args", "ss_v2", "ss_epoch", "ss_steps", "ss_output_name")  # fmt: skip
"""What is written even when `no_metadata` is on."""

_SAME_NAME = (
    "learning_rate", "text_encoder_lr", "unet_lr", "gradient_checkpointing",
    "gradient_accumulation_steps", "lr_warmup_steps", "lr_scheduler", "network_dim",
    "network_alpha", "mixed_precision", "full_fp16", "clip_skip", "cache_latents", "seed",
    "noise_offset", "multires_noise_iterations", "multires_noise_discount", "training_comment",
    "max_grad_norm", "caption_dropout_rate", "prior_loss_weight", "min_snr_gamma",
    "ip_noise_gamma", "flip_aug", "shuffle_caption", "enable_bucket", "bucket_no_upscale",
    "keep_tokens",
)  # fmt: skip

_NEWER = (
    "network_dropout", "max_token_length", "adaptive_noise_scale",
    "caption_dropout_every_n_epochs", "caption_tag_dropout_rate", "scale_weight_norms",
    "noise_offset_random_strength", "ip_noise_gamma_random_strength", "loss_type",
    "huber_schedule", "huber_scale", "huber_c",
)  # fmt: skip
"""Settings that may be missing: then sd-scripts' default is written."""

_FIXED = {
    "network_module": "networks.lora", "network_dropout": None, "v2": False,
    "max_token_length": None, "lowram": False, "adaptive_noise_scale": None,
    "zero_terminal_snr": False, "caption_dropout_every_n_epochs": 0,
    "caption_tag_dropout_rate": 0.0, "face_crop_aug_range": None, "scale_weight_norms": None,
    "noise_offset_random_strength": False, "ip_noise_gamma_random_strength": False,
    "loss_type": "l2", "huber_schedule": "snr", "huber_scale": 1.0, "huber_c": 0.1,
    "fp8_base": False, "fp8_base_unet": False, "validation_seed": None, "validation_split": 0.0,
    "max_validation_steps": None, "validate_every_n_epochs": None,
    "validate_every_n_steps": None, "resize_interpolation": None, "num_validation_images": 0,
    "color_aug": False, "random_crop": False, "sd_scripts_commit_hash": "(unknown)",
}  # fmt: skip
"""sd-scripts' defaults of what our trainer has no setting for, or may not be given."""


@dataclass(frozen=True)
class FolderFacts:
    """One kohya folder: name, repeats, pictures, and how often each caption stands there."""

    name: str
    repeats: int
    pictures: int
    captions: Mapping[str, int]
    is_reg: bool = False


@dataclass(frozen=True)
class TrainingFacts:
    """What is only known once a training runs.

    Attributes:
        family: `sd15` or `sdxl`.
        session: number that all LoRAs of one run share.
        started: Unix seconds.
        train_images: pictures with repeats.
        reg_images: regularisation images with repeats.
        batches_per_epoch: part-filled ones included.
        epochs: passes in all.
        steps: optimizer steps in all.
        optimizer: name with arguments, as sd-scripts writes it.
        folders: where the pictures lay.
        buckets: (width, height) -> pictures with repeats.
        base_name: file name of the base checkpoint.
        base_hashes: AUTOMATIC1111's old and new hash of it; None for a folder.
        network_args: values by name.
    """

    family: str
    session: int
    started: float
    train_images: int
    reg_images: int
    batches_per_epoch: int
    epochs: int
    steps: int
    optimizer: str
    folders: Sequence[FolderFacts]
    buckets: Mapping[tuple[int, int], int]
    base_name: str
    base_hashes: tuple[str, str] | None
    network_args: Mapping[str, Any]


def training_metadata(
    values: Mapping[str, Any],
    facts: TrainingFacts,
    *,
    output_name: str,
    epoch: int,
    step: int,
    finished: float,
) -> dict[str, str]:
    """Make the `ss_*` metadata.

    Args:
        values: settings by sd-scripts' option names.
        facts: of the training.
        output_name: file name without suffix.
        epoch: of this LoRA, counted from 1.
        step: optimizer steps so far.
        finished: Unix seconds.
    """
    known = (*_SAME_NAME, *(name for name in _NEWER if name in values))
    body: dict[str, Any] = {**_FIXED, **{name: values[name] for name in known}}
    body |= _from_settings(values) | _from_facts(facts)
    body |= {
        "output_name": output_name,
        "epoch": epoch,
        "steps": step,
        "training_finished_at": finished,
    }
    if not values["enable_bucket"]:
        body |= {"min_bucket_reso": None, "max_bucket_reso": None, "bucket_info": "null"}
    metadata = {f"ss_{name}": str(value) for name, value in sorted(body.items())}
    if values["no_metadata"]:
        return {name: metadata[name] for name in ALWAYS if name in metadata}
    return metadata


def _from_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    width, height = values["resolution"].split(",")
    return {
        "batch_size_per_device": values["train_batch_size"],
        "total_batch_size": values["train_batch_size"],
        "resolution": f"({width}, {height})",
        "debiased_estimation": values["debiased_estimation_loss"],
        "min_bucket_reso": values["min_bucket_reso"],
        "max_bucket_reso": values["max_bucket_reso"],
    }


def _from_facts(facts: TrainingFacts) -> dict[str, Any]:
    body: dict[str, Any] = {
        "base_model_version": "sdxl_base_v1-0" if facts.family == "sdxl" else "sd_v1",
        "session_id": facts.session,
        "training_started_at": facts.started,
        "num_train_images": facts.train_images,
        "num_reg_images": facts.reg_images,
        "num_batches_per_epoch": facts.batches_per_epoch,
        "num_epochs": facts.epochs,
        "max_train_steps": facts.steps,
        "optimizer": facts.optimizer,
        "dataset_dirs": _folders(facts, is_reg=False),
        "reg_dataset_dirs": _folders(facts, is_reg=True),
        "tag_frequency": json.dumps({f.name: _tags(f.captions) for f in facts.folders}),
        "bucket_info": _buckets(facts),
        "sd_model_name": facts.base_name,
    }
    if facts.base_hashes:
        body |= {"sd_model_hash": facts.base_hashes[0], "new_sd_model_hash": facts.base_hashes[1]}
    if facts.network_args:
        body["network_args"] = json.dumps(
            {name: str(value) for name, value in facts.network_args.items()}
        )
    return body


def _folders(facts: TrainingFacts, *, is_reg: bool) -> str:
    chosen = (f for f in facts.folders if f.is_reg == is_reg)
    return json.dumps({f.name: {"n_repeats": f.repeats, "img_count": f.pictures} for f in chosen})


def _tags(captions: Mapping[str, int]) -> dict[str, int]:
    tags: dict[str, int] = {}
    for caption, count in captions.items():
        for tag in filter(None, (part.strip() for part in caption.split(","))):
            tags[tag] = tags.get(tag, 0) + count
    return tags


def _buckets(facts: TrainingFacts) -> str:
    numbered = enumerate(facts.buckets.items())
    entries = {str(n): {"resolution": list(size), "count": count} for n, (size, count) in numbered}
    return json.dumps({"buckets": entries})


def spec_metadata(values: Mapping[str, Any], facts: TrainingFacts, *, title: str) -> dict[str, str]:
    """Make the `modelspec.*` metadata (Stability AI's model specification 1.0.1)."""
    sdxl = facts.family == "sdxl"
    width, height = values["resolution"].split(",")
    spec = {
        "architecture": ("stable-diffusion-xl-v1-base" if sdxl else "stable-diffusion-v1")
        + "/lora",
        "date": datetime.fromtimestamp(facts.started, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
        "implementation": "https://github.com/Stability-AI/generative-models"
        if sdxl
        else "diffusers",
        "prediction_type": "v" if values["v_parameterization"] else "epsilon",
        "resolution": f"{width}x{height}",
        "sai_model_spec": "1.0.1",
        "title": title,
    }
    if values["metadata_author"]:
        spec["author"] = values["metadata_author"]
    return {f"modelspec.{name}": value for name, value in spec.items()}


def model_hashes(data: bytes) -> tuple[str, str]:
    """Hashes by which additional networks know a LoRA.

    Args:
        data: a safetensors file with the `ss_*` metadata only.

    Returns:
        SHA-256 of the tensors, and the first 8 digits of that of 64 KiB from 1 MiB on.
    """
    start = 8 + int.from_bytes(data[:8], "little")
    legacy = hashlib.sha256(data[0x100000 : 0x100000 + 0x10000]).hexdigest()[:8]
    return hashlib.sha256(memoryview(data)[start:]).hexdigest(), legacy


def base_hashes(path: Path) -> tuple[str, str] | None:
    """AUTOMATIC1111's old and new hash of a checkpoint file; None for a folder."""
    if not path.is_file():
        return None
    whole = hashlib.sha256()
    with path.open("rb") as file:
        file.seek(0x100000)
        legacy = hashlib.sha256(file.read(0x10000)).hexdigest()[:8]
        file.seek(0)
        while block := file.read(1 << 20):
            whole.update(block)
    return legacy, whole.hexdigest()
