"""A LoRA's summary as lines for a shell, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lib_t2p.lora import LoraSummary, alphas_of, oddities
from lib_t2p.plurals import counted

SETTINGS = (
    "resolution", "batch_size_per_device", "gradient_accumulation_steps", "num_epochs",
    "max_train_steps", "num_train_images", "num_reg_images", "optimizer", "learning_rate",
    "unet_lr", "text_encoder_lr", "lr_scheduler", "lr_warmup_steps", "clip_skip", "noise_offset",
    "min_snr_gamma", "mixed_precision", "full_fp16", "full_bf16", "cache_latents", "seed",
)  # fmt: skip
"""Of the `ss_*` metadata, in the order of the page; those that are not recorded are left out."""


def summary_lines(lora: LoraSummary, *, tags: int, every: bool) -> Iterator[str]:
    """Everything worth reading.

    Args:
        lora: read by `summarise`.
        tags: so many of the most frequent tags.
        every: all metadata as they stand, instead of the chosen settings.
    """
    yield f"{lora.path.name}: {lora.bytes / 1e6:.1f} MB, {_formats(lora)}"
    yield f"  network   {_network(lora)}"
    yield f"  base      {_base(lora)}"
    if told := _trained(lora):
        yield f"  trained   {told}"
    yield f"  hashes    WebUI {lora.hashes.webui(lora.recorded('sshs_model_hash'))}"
    yield f"            Civitai {lora.hashes.civitai}, SHA-256 {lora.hashes.whole}"
    for folder in lora.folders:
        kind = "class pictures" if folder.is_reg else "pictures"
        yield f"  folder    {folder.name}: {folder.pictures} {kind} x {folder.repeats}"
    if lora.tags:
        shown = [f"{tag} ({count})" for tag, count in list(lora.tags.items())[:tags]]
        more = f" and {len(lora.tags) - tags} more" if len(lora.tags) > tags else ""
        yield f"  tags      {', '.join(shown)}{more}"
    yield from _settings(lora, every)
    for odd in oddities(lora):
        yield f"  odd       {odd}"


def facts_of(lora: LoraSummary) -> dict[str, Any]:
    """The same for programs."""
    network = lora.network
    return {
        "file": lora.path.name,
        "bytes": lora.bytes,
        "kind": network.kind,
        "family": lora.family,
        "ranks": _keyed(network.ranks),
        "conv_ranks": _keyed(network.conv_ranks),
        "alphas": {f"{alpha:g}": count for alpha, count in alphas_of(lora).items()},
        "unet_modules": network.unet_modules,
        "text_modules": network.text_modules,
        "hashes": {
            "webui": lora.hashes.webui(lora.recorded("sshs_model_hash")),
            "tensors": lora.hashes.tensors,
            "whole": lora.hashes.whole,
            "legacy": lora.hashes.legacy,
        },
        "folders": [vars(folder) for folder in lora.folders],
        "tags": dict(lora.tags),
        "metadata": dict(lora.metadata),
        "odd": oddities(lora),
    }


def _network(lora: LoraSummary) -> str:
    network = lora.network
    parts = [network.kind]
    if network.ranks:
        parts.append(f"rank {_counted(network.ranks)}")
    if network.conv_ranks:
        parts.append(f"convolutions rank {_counted(network.conv_ranks)}")
    if alphas := alphas_of(lora):
        parts.append(f"alpha {_counted(alphas)}")
    parts.append(f"{network.unet_modules} U-Net and {network.text_modules} text-encoder modules")
    return ", ".join(parts)


def _base(lora: LoraSummary) -> str:
    family = lora.network.told.title
    name = lora.recorded("ss_sd_model_name")
    return f"{name} ({family})" if name else family


def _trained(lora: LoraSummary) -> str:
    parts = []
    if epoch := lora.recorded("ss_epoch"):
        of = lora.recorded("ss_num_epochs")
        parts.append(f"epoch {epoch}" + (f" of {of}" if of else ""))
    if step := lora.recorded("ss_steps"):
        of = lora.recorded("ss_max_train_steps")
        parts.append(f"step {step}" + (f" of {of}" if of else ""))
    if date := lora.recorded("modelspec.date"):
        parts.append(date.replace("T", " "))
    return ", ".join(parts)


def _settings(lora: LoraSummary, every: bool) -> Iterator[str]:
    if every:
        for name, value in sorted(lora.metadata.items()):
            yield f"  {name} = {value}"
        return
    known = ((name, lora.recorded(f"ss_{name}")) for name in SETTINGS)
    told = [f"{name} {value}" for name, value in known if value]
    for start in range(0, len(told), 4):
        yield ("  settings  " if start == 0 else "            ") + ", ".join(
            told[start : start + 4]
        )


def _formats(lora: LoraSummary) -> str:
    return ", ".join(
        f"{counted(count, 'tensor')} {dtype}" for dtype, count in lora.network.dtypes.items()
    )


def _counted(counts: Mapping[Any, int]) -> str:
    if len(counts) == 1:
        return f"{next(iter(counts)):g}"
    return ", ".join(f"{value:g} ({count})" for value, count in sorted(counts.items()))


def _keyed(counts: Mapping[int, int]) -> dict[str, int]:
    return {str(value): count for value, count in counts.items()}
