"""A run on disk: settings, dataset, base checkpoint, and the LoRAs that it saved."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.errors import InputError, LoraError, SettingsError, T2PError, WorkspaceError
from lib_t2p.files import read_record, write_record, write_text
from lib_t2p.lora import read_header
from lib_t2p.runs.own_states import state_fault
from lib_t2p.settings import Settings, changed_values, filled, prompt_path, settings_from
from lib_t2p.toml_io import dump_toml, read_toml
from lib_t2p.workspace import PersonFolder, RunFolder, consent_words, load_person

SCHEMA = 1

_TEXTS = ("person", "name", "checkpoint", "trainer", "trigger", "class_word")
_SWEEP = ("sweep", "sweep_run")
"""Written only for a run of a sweep; versions before sweeps overlook them."""


@dataclass(frozen=True)
class Run:
    """One training.

    Attributes:
        person: folder name of the person.
        name: as typed; the folder's name is made of it.
        dataset: version number.
        checkpoint: path of the base checkpoint.
        trainer: key of `trainers.registry.TRAINERS`.
        settings: checked.
        trigger: token that stands for the person.
        class_word: what the person is.
        sweep: id of the sweep that it belongs to; empty when it stands alone.
        sweep_run: its name within the sweep, such as `network_dim=64 seed 2`.
        cpu_threads: threads per process, as of `accelerate launch`; 0 leaves that to the trainer.
        trusted: the person confirmed settings that name code outside the listed set.
    """

    person: str
    name: str
    dataset: int
    checkpoint: str
    trainer: str
    settings: Settings
    trigger: str
    class_word: str
    sweep: str = ""
    sweep_run: str = ""
    cpu_threads: int = 0
    trusted: bool = False


@dataclass(frozen=True)
class SavedModel:
    """The LoRA of one epoch.

    Attributes:
        path: the file, whole.
        epoch: counted from 1.
        step: optimizer steps until it was saved.
        stem: file name without suffix, unique in a folder of LoRAs.
    """

    path: Path
    epoch: int
    step: int
    stem: str


def create_run(person: PersonFolder, run: Run) -> RunFolder:
    """Store a new run; a seed is drawn when the settings have none.

    The person's consent becomes its `training_comment`, unless there is another one or the
    person keeps it out of files; sample prompts name the person's own token.

    Raises:
        InputError: a run of that name exists.
        SettingsError: it would go on from a state of others that nobody said to trust.
        WorkspaceError: the name has no letter or digit, or the disk is full.
    """
    folder = person.run(run.name)
    if folder.settings.exists():
        raise InputError(f"A run named {folder.id!r} exists already: choose another name.")
    settings = run.settings
    if fault := state_fault(settings.resume, person.workspace, trusted=run.trusted):
        raise SettingsError("These settings cannot be used", [fault])
    if settings.seed is None:
        settings = replace(settings, seed=secrets.randbelow(2**32))
    if not settings.training_comment and person.record.exists():
        # Goes into the LoRA's metadata, so that the file itself says who agreed.
        settings = replace(settings, training_comment=consent_words(load_person(person)))
    prompts = own_prompts(person, settings.sample_prompts, run.trigger, run.class_word)
    settings = replace(settings, sample_prompts=prompts)
    head = {"schema": SCHEMA, **{k: getattr(run, k) for k in _TEXTS}, "dataset": run.dataset}
    head |= {k: getattr(run, k) for k in (*_SWEEP, "cpu_threads", "trusted") if getattr(run, k)}
    write_text(folder.settings, dump_toml({**head, "settings": changed_values(settings)}))
    return folder


def own_prompts(person: PersonFolder, text: str, trigger: str, class_word: str) -> str:
    """Sample prompts with a person's token and class, also where another person's stood.

    Args:
        person: who is trained.
        text: as in `sample_prompts`; the name of a file stays, which is filled in when it is read.
        trigger: of the person; empty leaves the text.
        class_word: of the person.
    """
    if not text or not trigger or prompt_path(text) is not None:
        return text
    others: dict[str, str] = {}
    for folder in person.workspace.people():
        try:
            other = load_person(folder)
        except T2PError:
            continue
        if folder.slug != person.slug:
            others[other.trigger] = other.class_word
    return filled(text, trigger, class_word, others)


def keep_forecast(folder: RunFolder, minutes: float, basis: str) -> None:
    """Keep what was forecast before the start; raises `WorkspaceError` when the disk is full."""
    write_record(folder.forecast, SCHEMA, {"minutes": minutes, "basis": basis})


def read_forecast_minutes(folder: RunFolder) -> float | None:
    """Minutes that were forecast; None when they never were or the file is damaged."""
    try:
        return float(read_record(folder.forecast, SCHEMA)["minutes"])
    except (WorkspaceError, KeyError, TypeError, ValueError):
        return None


def read_run(folder: RunFolder) -> Run:
    """Read a run back.

    Raises:
        InputError: there is no such run, or its file is damaged.
        SettingsError: its settings do not pass the checks.
        NewerSchemaError: a newer version wrote it.
    """
    if not folder.settings.exists():
        raise InputError(f"There is no run in {folder.root}: create it first.")
    table = read_toml(folder.settings)
    schema, values = table.get("schema"), table.get("settings", {})
    if schema != SCHEMA:
        raise WorkspaceError(
            f"{folder.settings} has schema {schema!r}, this Text to Person knows {SCHEMA}: "
            "update the extension."
        )
    bad = [k for k in _TEXTS if not isinstance(table.get(k), str)]
    if bad or not isinstance(table.get("dataset"), int) or not isinstance(values, dict):
        named = ", ".join(bad) or "dataset or settings"
        raise InputError(f"{folder.settings} is damaged ({named}): create the run again.")
    texts = {k: table[k] for k in _TEXTS} | {k: str(table.get(k, "")) for k in _SWEEP}
    threads = table.get("cpu_threads", 0)
    trusted = table.get("trusted") is True
    return Run(
        dataset=table["dataset"],
        settings=settings_from(values, trusted=trusted),
        trusted=trusted,
        cpu_threads=threads if isinstance(threads, int) else 0,
        **texts,
    )


def data_folders(folder: RunFolder, run: Run) -> tuple[Path, Path | None]:
    """Where the pictures and the regularisation images lie.

    Relative paths of `train_data_dir` and `reg_data_dir` lie in the run's dataset.
    """
    dataset = folder.person.dataset(run.dataset)
    settings = run.settings
    reg = dataset.root / settings.reg_data_dir if settings.reg_data_dir else None
    return dataset.root / settings.train_data_dir, reg


def model_stem(folder: RunFolder, run: Run, epoch: int) -> str:
    """File name of the LoRA of an epoch, unique over all people and runs."""
    return f"t2p_{run.person}_{folder.id}_e{epoch:02d}"


def saved_models(folder: RunFolder) -> list[SavedModel]:
    """The whole LoRA files of a run, oldest first; damaged files are left out."""
    if not folder.model.is_dir():
        return []
    found = (_saved(p) for p in folder.model.glob("*.safetensors"))
    return sorted((m for m in found if m), key=lambda m: (m.step, m.epoch))


def _saved(path: Path) -> SavedModel | None:
    try:
        metadata = read_header(path).metadata
        epoch, step = int(metadata["ss_epoch"]), int(metadata["ss_steps"])
    except (LoraError, KeyError, ValueError):
        return None
    return SavedModel(path, epoch, step, path.stem)
