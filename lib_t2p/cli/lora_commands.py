"""`t2p.py lora`: LoRA files and what they say of themselves."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from lib_t2p.actions.runs import clean_trial_models, keep_lora, list_loras, trial_models
from lib_t2p.cli.parser import Commands
from lib_t2p.cli_output import Output
from lib_t2p.json_io import json_text
from lib_t2p.lora import UNKNOWN, LoraSummary, alphas_of, check_lora, oddities, summarise, way_out
from lib_t2p.plurals import counted
from lib_t2p.typed_paths import typed_path
from lib_t2p.workspace import Workspace

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


def show(args: Namespace, _: Workspace, output: Output) -> None:
    """Show what a LoRA file is and how it was trained."""
    lora = summarise(args.file)
    if args.json:
        output.line(json_text(facts_of(lora), ensure_ascii=False, indent=1))
        return
    for line in summary_lines(lora, tags=args.tags, every=args.all):
        output.line(line)


def list_all(args: Namespace, workspace: Workspace, output: Output) -> None:
    """List the LoRAs of a folder."""
    root = args.loras or workspace.loras
    found = list_loras(root)
    if not found:
        output.line(f"No LoRAs in {root}.")
        return
    rows = [
        [x.stem, x.kind, x.family, x.rank, x.epoch, _place(x.on_trial), "yes" if x.has_card else ""]
        for x in found
    ]
    output.table(["LoRA", "kind", "family", "rank", "epoch", "where", "card"], rows)
    for lora in found:
        if lora.fault:
            output.line(f"  {lora.path}: {lora.fault}")


def keep(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Keep a model under test, with card and picture."""
    kept = keep_lora(
        workspace,
        args.lora,
        lora_root=args.loras,
        stem=args.name,
        weight=args.weight,
        preview=args.preview,
    )
    output.line(f"kept as {kept}")
    told = check_lora(kept)
    if told.family == UNKNOWN:
        way = way_out(kept, told)
        output.line(f"  It is made for {told.title}: {way or 'no checkpoint is known to fit it'}.")


def trial_clean(args: Namespace, workspace: Workspace, output: Output) -> None:
    """Remove models under test; the runs keep theirs."""
    if not args.yes:
        models = trial_models(workspace, args.loras)
        for model in models:
            told = "its run has it" if model.origin else "the only copy, stays"
            output.line(f"  {model.path.name}: {told}, frees {model.frees / 1e6:.0f} MB")
        output.line(
            f"{counted(len(models), 'model')} under test; `--yes` removes those that a run "
            "still has."
        )
        return
    removed, staying = clean_trial_models(workspace, args.loras)
    for sentence in staying:
        output.line(f"  {sentence}")
    output.line(f"{counted(len(removed), 'model')} under test removed")


def add(commands: Commands) -> None:
    """Add these commands to the shell."""
    topic = commands.topic("lora", "LoRA files and what they say of themselves")
    shown = topic.add("show", "show what a file is and how it was trained", show)
    shown.add_argument("file", type=typed_path)
    shown.add_argument("--tags", type=int, default=10, metavar="N", help="most frequent tags")
    shown.add_argument("--all", action="store_true", help="all metadata as they stand")
    shown.add_argument("--json", action="store_true", help="one JSON object")
    _folder(topic.add("list", "list the LoRAs of a folder", list_all))
    kept = _folder(topic.add("keep", "keep a model under test, with a card", keep))
    kept.add_argument("lora", help="path or name")
    kept.add_argument("--name", default="", help="new name")
    kept.add_argument("--weight", type=float, default=0.0, help="preferred weight on the card")
    kept.add_argument("--preview", type=typed_path, help="picture of the card")
    cleaned = _folder(topic.add("trial-clean", "remove models under test", trial_clean))
    cleaned.add_argument("--yes", action="store_true", help="really")


def _folder(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument(
        "--loras",
        type=typed_path,
        metavar="FOLDER",
        help="a WebUI's models/Lora; else the studio's own",
    )
    return parser


def _place(on_trial: bool) -> str:
    return "on trial" if on_trial else "kept"
