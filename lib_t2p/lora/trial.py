"""Putting LoRAs under models/Lora, so that a WebUI can paint with them."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from lib_t2p.errors import LoraError
from lib_t2p.files import whole_file
from lib_t2p.lora.header import read_header

SUFFIXES = (".safetensors", ".pt", ".ckpt")
"""What a WebUI takes for a LoRA."""

FOLDER = Path("t2p") / "_trial"


def lora_files(root: Path) -> dict[str, list[Path]]:
    """All LoRAs below `root`, by stem."""
    found: dict[str, list[Path]] = {}
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            found.setdefault(path.stem, []).append(path)
    return found


def install_trial(
    model: Path,
    lora_root: Path,
    stem: str,
    link: Callable[[Path, Path], None] = os.link,
) -> Path:
    """Put a saved model into `<lora_root>/t2p/_trial` under a stem of its own.

    The file is hard-linked, or copied where that cannot be. A file that is there already is never
    replaced; when it is the same model, nothing is done.

    Args:
        model: a whole `.safetensors` file.
        lora_root: the WebUI's or the studio's folder of LoRAs.
        stem: wanted file name without suffix.
        link: makes a hard link.

    Returns:
        The file under `lora_root`.

    Raises:
        LoraError: the model is missing or damaged, the stem is no plain name, or another LoRA
            anywhere below `lora_root` has it.
        WorkspaceError: the disk is full or the folder may not be written.
    """
    read_header(model)
    if not stem or Path(stem).name != stem or any(c in stem for c in "/\\:<>"):
        raise LoraError(f"{stem!r} cannot be the name of a LoRA: use letters, digits, - and _.")
    taken = lora_files(lora_root).get(stem, [])
    same = [path for path in taken if _same(path, model)]
    if same:
        return same[0]
    if taken:
        raise LoraError(
            f"{taken[0]} is another LoRA named {stem}, and a WebUI knows LoRAs by their names: "
            "move it away or rename it, or give the run another name."
        )
    return _place(model, lora_root / FOLDER / f"{stem}.safetensors", link)


def _place(model: Path, target: Path, link: Callable[[Path, Path], None]) -> Path:
    with whole_file(target) as partial:
        partial.unlink(missing_ok=True)
        try:
            link(model, partial)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            shutil.copyfile(model, partial)
    return target


def _same(path: Path, model: Path) -> bool:
    if path.samefile(model):
        return True
    if path.stat().st_size != model.stat().st_size:
        return False
    with path.open("rb") as left, model.open("rb") as right:
        while block := left.read(1 << 20):
            if block != right.read(1 << 20):
                return False
    return True
