"""Putting LoRAs under models/Lora, so that a WebUI can paint with them."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from lib_t2p.errors import LoraError
from lib_t2p.files import whole_file
from lib_t2p.folder_walk import files_below
from lib_t2p.json_io import has_half_letter
from lib_t2p.lora.card import read_card, write_card
from lib_t2p.lora.family import check_lora
from lib_t2p.lora.header import read_header
from lib_t2p.lora.recognising import recognise_lora
from lib_t2p.typed_paths import shown

SUFFIXES = (".safetensors", ".pt", ".ckpt")
"""What a WebUI takes for a LoRA."""

LONGEST = 200
"""Bytes of a stem; with its endings a file's name has 255 on most drives."""
FOLDER = Path("t2p") / "_trial"


def lora_files(root: Path) -> dict[str, list[Path]]:
    """All LoRAs below `root`, by stem.

    Raises:
        InputError: it is far too large for a folder of LoRAs, such as a whole disk.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted(p for p in files_below(root, "LoRAs") if p.suffix.lower() in SUFFIXES):
        found.setdefault(path.stem, []).append(path)
    return found


def same_stem(root: Path, stem: str) -> list[Path]:
    """The LoRAs below `root` of that stem; case does not count, as on Windows."""
    return [
        path
        for other, paths in lora_files(root).items()
        if other.casefold() == stem.casefold()
        for path in paths
    ]


def loras_stamp(lora_root: Path) -> tuple[int, ...]:
    """Times of our folders below `lora_root` in nanoseconds: another value, other LoRAs."""
    ours = (lora_root / FOLDER.parent, lora_root / FOLDER)
    return tuple(folder.stat().st_mtime_ns for folder in ours if folder.is_dir())


def refuse_stem(stem: str) -> None:
    """Raise `LoraError` for a stem that is no plain file name."""
    bad = not stem or Path(stem).name != stem or any(c in stem for c in '/\\:<>"|?*\n\r\0')
    if bad or stem != stem.strip() or stem.startswith(".") or has_half_letter(stem):
        raise LoraError(
            f"{shown(stem)} cannot be the name of a LoRA: use letters, digits, - and _."
        )
    if len(stem.encode("utf-8")) > LONGEST:
        raise LoraError(f"{shown(stem)} is too long for the name of a LoRA: shorten it.")


def install_trial(
    model: Path,
    lora_root: Path,
    stem: str,
    link: Callable[[Path, Path], None] = os.link,
) -> Path:
    """Put a saved model into `<lora_root>/t2p/_trial` under a stem of its own.

    The file is hard-linked, or copied where that cannot be. A file that is there already is never
    replaced; when it is the same model, nothing is done. A card that tells the family, which the
    file does not, goes with it.

    Args:
        model: a whole `.safetensors` file.
        lora_root: the WebUI's or the studio's folder of LoRAs.
        stem: wanted file name without suffix.
        link: makes a hard link.

    Returns:
        The file under `lora_root`.

    Raises:
        LoraError: the model is missing, damaged or no LoRA, the stem is no plain name, or another
            LoRA anywhere below `lora_root` has it.
        WorkspaceError: the disk is full or the folder may not be written.
    """
    by_file = recognise_lora(read_header(model)).family
    told = check_lora(model).family
    refuse_stem(stem)
    placed = _placed(model, lora_root, stem, link)
    ours = placed.parent == lora_root / FOLDER and not placed.with_suffix(".json").exists()
    if told != by_file and ours:
        write_card(placed, read_card(model))
    return placed


def _placed(model: Path, lora_root: Path, stem: str, link: Callable[[Path, Path], None]) -> Path:
    taken = same_stem(lora_root, stem)
    same = [path for path in taken if same_model(path, model)]
    if same:
        return same[0]
    if taken:
        raise LoraError(
            f"{taken[0]} is another LoRA named {stem}, and a WebUI knows LoRAs by their names: "
            "move it away or rename it, or give the run another name."
        )
    return place(model, lora_root / FOLDER / f"{stem}.safetensors", link)


def place(model: Path, target: Path, link: Callable[[Path, Path], None] = os.link) -> Path:
    """Hard-link a file to where none is, or copy it where that cannot be; never half of it."""
    with whole_file(target) as partial:
        partial.unlink(missing_ok=True)
        try:
            link(model, partial)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            shutil.copyfile(model, partial)
    return target


def same_model(path: Path, model: Path) -> bool:
    """Whether two files are one, or hold the same bytes."""
    if path.samefile(model):
        return True
    if path.stat().st_size != model.stat().st_size:
        return False
    with path.open("rb") as left, model.open("rb") as right:
        while block := left.read(1 << 20):
            if block != right.read(1 << 20):
                return False
    return True
