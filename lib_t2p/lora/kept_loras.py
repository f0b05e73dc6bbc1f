"""From trial to keeping: the chosen LoRA leaves `_trial` with a card and a picture."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from lib_t2p.errors import LoraError
from lib_t2p.files import write_bytes
from lib_t2p.lora.card import LoraCard, write_card
from lib_t2p.lora.family import check_lora
from lib_t2p.lora.trial import FOLDER, place, refuse_stem, same_model, same_stem
from lib_t2p.pictures import open_picture

KEPT = FOLDER.parent
"""Below the folder of LoRAs."""
PREVIEW_SIDE = 768
"""Pixels of a card's picture at most."""


@dataclass(frozen=True)
class TrialFile:
    """A model under test.

    Attributes:
        path: below `_trial`.
        origin: the saved model that it was made of; None when that is gone.
        frees: bytes that its removal gives back; 0 for a hard link.
    """

    path: Path
    origin: Path | None
    frees: int


def keep(
    model: Path,
    lora_root: Path,
    *,
    stem: str = "",
    card: LoraCard | None = None,
    preview: Path | None = None,
) -> Path:
    """Move a model out of `_trial`, or link a saved one, into `<lora_root>/t2p`.

    Nothing is ever replaced: a LoRA, card or picture that is there already stays.

    Args:
        model: a file of `_trial`, or any whole LoRA.
        lora_root: the WebUI's or the studio's folder of LoRAs.
        stem: new name without suffix; the old one when empty.
        card: what to say; the card beside the model when None.
        preview: a picture; the one beside the model when None.

    Returns:
        The kept file.

    Raises:
        LoraError: the model is damaged or no LoRA, the name is none, or another LoRA has it.
        WorkspaceError: the disk is full or the folder may not be written.
    """
    check_lora(model)
    stem = stem or model.stem
    refuse_stem(stem)
    target = _kept_already(model, lora_root, stem) or lora_root / KEPT / f"{stem}.safetensors"
    if not target.exists():
        place(model, target)
    _write_card(target, model, card, preview)
    for trial in same_stem(lora_root / FOLDER, model.stem):
        if same_model(trial, target):
            _remove(trial)
    return target


def trial_files(lora_root: Path, originals: Iterable[Path]) -> list[TrialFile]:
    """What lies in `_trial`, each with the saved model that it was made of.

    Args:
        lora_root: the folder of LoRAs.
        originals: saved models of all runs.
    """
    folder = lora_root / FOLDER
    by_stem: dict[str, list[Path]] = {}
    for original in originals:
        by_stem.setdefault(original.stem, []).append(original)
    found = []
    for path in sorted(folder.glob("*.safetensors")) if folder.is_dir() else []:
        origin = next((o for o in by_stem.get(path.stem, []) if same_model(path, o)), None)
        linked = path.stat().st_nlink > 1
        found.append(TrialFile(path, origin, 0 if linked else path.stat().st_size))
    return found


def clean_trial(files: Iterable[TrialFile]) -> tuple[list[Path], list[str]]:
    """Remove models under test whose saved model is still there, with their cards.

    Returns:
        What was removed, and a sentence for each file that stays.
    """
    removed, told = [], []
    for file in files:
        if file.origin is None or not file.origin.exists():
            told.append(
                f"{file.path.name} stays: its run is gone, so this is the only copy. Keep it with "
                "`t2p.py lora keep`, or delete it yourself."
            )
            continue
        try:
            _remove(file.path)
        except OSError as error:
            told.append(f"{file.path.name} stays, since a program uses it ({error.strerror}).")
        else:
            removed.append(file.path)
    return removed, told


def preview_png(picture: Path) -> bytes:
    """A picture as PNG without any metadata, its longer side at most `PREVIEW_SIDE` pixels.

    Raises:
        LoraError: it is no picture.
    """
    try:
        with open_picture(picture) as opened:
            image = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise LoraError(f"{picture} is no picture that can be read: choose another.") from error
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _kept_already(model: Path, lora_root: Path, stem: str) -> Path | None:
    """Where the same model lies outside `_trial`, as when a person moved it."""
    kept = None
    for other in same_stem(lora_root, stem):
        if not same_model(other, model):
            raise LoraError(
                f"{other} is another LoRA named {stem}, and a WebUI knows LoRAs by their names: "
                "give a name that is free."
            )
        if (lora_root / FOLDER) not in other.parents:
            kept = other
    return kept


def _write_card(target: Path, model: Path, card: LoraCard | None, preview: Path | None) -> None:
    beside = model.with_suffix(".png")
    picture = preview or (beside if beside.is_file() else None)
    shown = target.with_suffix(".png")
    if picture and not shown.exists():
        write_bytes(shown, preview_png(picture))
    if target.with_suffix(".json").exists():
        return
    old = model.with_suffix(".json")
    if card is not None:
        write_card(target, card)
    elif old.is_file():
        write_bytes(target.with_suffix(".json"), old.read_bytes())


def _remove(trial: Path) -> None:
    for suffix in (".json", ".png", ".safetensors"):
        trial.with_suffix(suffix).unlink(missing_ok=True)
