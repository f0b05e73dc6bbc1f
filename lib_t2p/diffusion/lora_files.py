"""LoRA files under a folder, found by stem as the WebUI finds them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from lib_t2p.errors import LoraError
from lib_t2p.lora import Recognised, check_lora

HASH_DIGITS = 12
"""The WebUI shows so many digits of a LoRA's hash."""


MERGED = ("LoRA", "LoCon")
"""Kinds that our painter knows, under kohya's names."""


def check_kind(name: str, told: Recognised) -> None:
    """Refuse a LoRA that our painter cannot merge into a checkpoint.

    Args:
        name: of the file.
        told: of `recognise_lora`.

    Raises:
        LoraError: it is of another kind, or has other names.
    """
    if told.kind in MERGED and told.naming == "kohya":
        return
    kind = told.kind if told.kind not in MERGED else f"{told.kind} in diffusers' own format"
    raise LoraError(
        f"{name} is of the kind {kind}, and our painter knows kohya's LoRA and LoCon only: paint "
        "in the WebUI, or convert the file."
    )


class LoraFiles:
    """The LoRAs of a folder and all folders in it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._by_stem: dict[str, list[Path]] | None = None
        self._hashes: dict[Path, str] = {}

    def refresh(self) -> None:
        """Look at the disk again at the next question."""
        self._by_stem = None

    def find(self, stem: str) -> Path:
        """Find the file of a stem.

        Raises:
            LoraError: there is none, or more than one, so that it is not clear which is meant.
        """
        found = self._listed().get(stem, [])
        if not found:
            self.refresh()
            found = self._listed().get(stem, [])
        if not found:
            raise LoraError(
                f"There is no LoRA {stem}.safetensors in {self._root}: put it there or name "
                "another."
            )
        if len(found) > 1:
            names = ", ".join(str(path.relative_to(self._root)) for path in found)
            raise LoraError(
                f"The LoRA name {stem} stands for {len(found)} files in {self._root} ({names}): "
                "rename all but one."
            )
        return found[0]

    def check(self, stem: str) -> None:
        """Raise `LoraError` when the file is missing, ambiguous, damaged or of another kind."""
        path = self.find(stem)
        check_kind(path.name, check_lora(path))

    def hash_of(self, stem: str) -> str:
        """The hash that the WebUI shows: of all that follows the header, so that a changed
        description leaves it the same."""
        path = self.find(stem)
        if path not in self._hashes:
            self._hashes[path] = _tensor_hash(path)
        return self._hashes[path]

    def _listed(self) -> dict[str, list[Path]]:
        if self._by_stem is None:
            self._by_stem = {}
            for path in sorted(self._root.rglob("*.safetensors")):
                self._by_stem.setdefault(path.stem, []).append(path)
        return self._by_stem


def _tensor_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        file.seek(8 + int.from_bytes(file.read(8), "little"))
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:HASH_DIGITS]
