"""LoRA files: what lies in the folder, keeping the chosen ones, tidying up after tests."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.errors import InputError, LoraError, T2PError
from lib_t2p.jobs import ACTIVE, Queue
from lib_t2p.lora import (
    FOLDER,
    TrialFile,
    by_card,
    clean_trial,
    keep,
    lora_files,
    network_of,
    no_lora,
    odd_metadata_words,
    read_header,
    trial_files,
)
from lib_t2p.runs import Run, SavedModel, card_of, read_run, saved_models
from lib_t2p.typed_paths import is_file
from lib_t2p.workspace import Workspace


@dataclass(frozen=True)
class ListedLora:
    """A line of the list.

    Attributes:
        stem: by which a prompt names it.
        path: the file.
        on_trial: whether it lies in `_trial`.
        has_card: whether its `.json` is there.
        kind: such as `LoRA`; empty when the file cannot be read.
        family: a key of `lora.recognising.TITLES`, which may be `unknown`; empty when it is no
            LoRA.
        rank: the ranks that its modules have, by `/`.
        epoch: as recorded.
        fault: why it cannot be read, or that its name is there twice; empty otherwise.
    """

    stem: str
    path: Path
    on_trial: bool
    has_card: bool
    kind: str = ""
    family: str = ""
    rank: str = ""
    epoch: str = ""
    fault: str = ""


def list_loras(lora_root: Path) -> list[ListedLora]:
    """All LoRAs of a folder and the folders in it, by stem; only headers are read."""
    found = []
    for stem, paths in sorted(lora_files(lora_root).items()):
        for path in paths:
            twice = (
                "" if len(paths) == 1 else f"{len(paths)} files have this name: rename all but one"
            )
            found.append(_listed(stem, path, lora_root, twice))
    return found


def keep_lora(
    workspace: Workspace,
    name: str,
    *,
    lora_root: Path | None = None,
    stem: str = "",
    weight: float = 0.0,
    preview: Path | None = None,
) -> Path:
    """Keep a model: out of `_trial`, with a card, and a picture where there is one.

    Args:
        workspace: whose runs are searched.
        name: a path, or the stem of a model of a run or of `_trial`.
        lora_root: the folder of LoRAs; the workspace's own when None.
        stem: new name; the old one when empty.
        weight: preferred weight for the card; 0 leaves the WebUI's default.
        preview: a picture; the run's newest sample of that epoch when None.

    Raises:
        LoraError: there is no such model, its new name is not free, or the weight is no number.
    """
    if not math.isfinite(weight):
        raise LoraError(f"The preferred weight {weight} is no number: give one such as 0.8.")
    root = lora_root or workspace.loras
    known = next(((r, m) for r, m in _saved(workspace) if m.stem == Path(name).stem), None)
    model = _file_of(name, root, known[1] if known else None)
    card = card_of(*known, weight=weight) if known else None
    if known and preview is None:
        preview = _newest_sample(workspace, *known)
    return keep(model, root, stem=stem, card=card, preview=preview)


def trial_models(workspace: Workspace, lora_root: Path | None = None) -> list[TrialFile]:
    """The models under test."""
    originals = (model.path for _, model in _saved(workspace))
    return trial_files(lora_root or workspace.loras, originals)


def clean_trial_models(
    workspace: Workspace, lora_root: Path | None = None
) -> tuple[list[Path], list[str]]:
    """Remove the models under test that a run still has; gives them, and why others stay.

    Raises:
        InputError: a grid is being painted with them.
    """
    grids = [j for j in Queue(workspace).jobs(states=ACTIVE) if j.kind.startswith("grid.")]
    if grids:
        raise InputError(
            f"A grid is being painted with models under test (job {grids[0].id}): wait for it or "
            "stop it."
        )
    return clean_trial(trial_models(workspace, lora_root))


def _listed(stem: str, path: Path, root: Path, fault: str) -> ListedLora:
    trial = (root / FOLDER) in path.parents
    carded = path.with_suffix(".json").is_file()
    if path.suffix.lower() != ".safetensors":
        return ListedLora(stem, path, trial, carded, fault=fault or "not a .safetensors file")
    try:
        header = read_header(path)
    except LoraError as error:
        return ListedLora(stem, path, trial, carded, fault=fault or str(error))
    network = network_of(header)
    if not fault and not network.kind:
        fault = str(no_lora(path, header, network.told))
    elif not fault and header.odd_metadata:
        fault = odd_metadata_words(header)
    return ListedLora(
        stem,
        path,
        trial,
        carded,
        kind=network.kind,
        family=by_card(path, network.told).family if network.kind else "",
        rank="/".join(str(rank) for rank in sorted(network.ranks)),
        epoch=header.metadata.get("ss_epoch", ""),
        fault=fault,
    )


def _saved(workspace: Workspace) -> Iterator[tuple[Run, SavedModel]]:
    for person in workspace.people():
        for folder in person.runs():
            try:
                run = read_run(folder)
            except T2PError:
                continue  # a damaged run must not hide the models of the others
            for model in saved_models(folder):
                yield run, model


def _file_of(name: str, root: Path, saved: SavedModel | None) -> Path:
    if is_file(Path(name)):
        return Path(name)
    on_trial = root / FOLDER / f"{Path(name).stem}.safetensors"
    if is_file(on_trial):
        return on_trial
    if saved:
        return saved.path
    raise LoraError(f"There is no LoRA {name!r}: give a path, or a name that `lora list` shows.")


def _newest_sample(workspace: Workspace, run: Run, model: SavedModel) -> Path | None:
    """A sample image of the model's epoch; None when the run drew none."""
    folder = workspace.person(run.person).run(run.name)
    marks = (f"e{model.epoch:06d}", f"e{model.epoch:02d}", f"{model.step:06d}")
    pictures = [p for p in folder.samples.rglob("*.png") if any(m in p.stem for m in marks)]
    return max(pictures, key=lambda p: p.stat().st_mtime, default=None)
