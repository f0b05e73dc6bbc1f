"""The configuration file of a launch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib_t2p.diffusion import Family
from lib_t2p.errors import InputError, SettingsError
from lib_t2p.files import write_text
from lib_t2p.preflight import accepted_range, collect_images, step_plan
from lib_t2p.preflight.checks import NO_SAMPLES
from lib_t2p.runs.runs import Run, data_folders
from lib_t2p.runs.trainers.sd_scripts.launches import output_name, tb_folder
from lib_t2p.runs.trainers.sd_scripts.resuming import Resumption, named_state
from lib_t2p.runs.trainers.sd_scripts.samples import prompts_file
from lib_t2p.settings import to_sd_scripts
from lib_t2p.settings.options import OLDEST
from lib_t2p.toml_io import dump_toml
from lib_t2p.workspace import RunFolder

FILE = "config.toml"


def write_config(
    folder: RunFolder,
    run: Run,
    family: Family,
    begin: Resumption,
    tokenizers: Path,
    known: frozenset[str] = frozenset(),
) -> Path:
    """Write what `--config_file` names.

    Args:
        folder: of the run.
        run: as stored.
        family: of its base checkpoint.
        begin: how the launch begins.
        tokenizers: what `--tokenizer_cache_dir` names.
        known: options of a checkout that is not one of the tags; empty for a tag.

    Raises:
        SettingsError: the trainer does not know a setting.
        InputError: the pictures are not there.
        WorkspaceError: the disk is full.
    """
    values = to_sd_scripts(
        run.settings, run.trainer, family.key_names, total_steps=_total(folder, run)
    )
    values |= _buckets(run) | _decided(folder, run, begin, tokenizers) | begin.values
    given = {n: v for n, v in values.items() if v is not None}
    # Its parser drops what it does not know.
    dropped = [name for name in given if known and name not in known]
    if dropped:
        faults = [f"it has no {name}, and would pass it over without a word" for name in dropped]
        raise SettingsError("This sd-scripts is not one of the releases known here", faults)
    path = folder.trainer / FILE
    write_text(path, dump_toml(given))
    return path


def _decided(folder: RunFolder, run: Run, begin: Resumption, tokenizers: Path) -> dict[str, Any]:
    """What the run decides itself."""
    prompts = prompts_file(folder, run)
    return {
        # Without prompts it would train to the end and die of its first sample image.
        **({} if prompts else dict.fromkeys(NO_SAMPLES)),
        "pretrained_model_name_or_path": run.checkpoint,
        **_data(folder, run),
        "output_dir": str(folder.states),
        "output_name": output_name(folder, run),
        "save_model_as": "safetensors",
        "logging_dir": str(tb_folder(folder, begin.facts.number)),
        "log_with": run.settings.log_with or "tensorboard",
        "tokenizer_cache_dir": str(tokenizers),
        "sample_prompts": str(prompts) if prompts else None,
        # One that the run left itself comes with the beginning, and was looked at there.
        "resume": None if "resume" in begin.values else named_state(folder, run),
    }


def _buckets(run: Run) -> dict[str, Any]:
    if not run.settings.enable_bucket:
        return {}
    smallest, largest = accepted_range(run.settings)
    return {"min_bucket_reso": smallest, "max_bucket_reso": largest}


def _data(folder: RunFolder, run: Run) -> dict[str, Any]:
    if run.settings.dataset_config:
        path = Path(run.settings.dataset_config).absolute()
        if not path.is_file():
            raise InputError(f"There is no dataset file at {path}: check dataset_config.")
        return {"dataset_config": str(path), "train_data_dir": None, "reg_data_dir": None}
    train, reg = data_folders(folder, run)
    if not train.is_dir():
        raise InputError(f"There are no pictures in {train}: build the dataset first.")
    there = reg is not None and reg.is_dir() and any(reg.iterdir())
    return {"train_data_dir": str(train), "reg_data_dir": str(reg) if there else None}


def _total(folder: RunFolder, run: Run) -> int | None:
    """Steps in all, which v0.8.7 needs to count a warm-up that is a share of them."""
    warmup = run.settings.lr_warmup_steps
    if run.trainer != OLDEST or not 0 < warmup < 1:
        return None
    return step_plan(collect_images(*data_folders(folder, run), run.settings), run.settings).steps
