"""The numbers by which a LoRA is known elsewhere.

Sources: `modules/hashes.py` and `extensions-builtin/Lora/network.py` of AUTOMATIC1111's WebUI
(versions 1.6 to 1.10), which took them from `library/train_util.py` of kohya-ss/sd-scripts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.errors import LoraError

WEBUI_DIGITS = 12
CIVITAI_DIGITS = 10
_BLOCK = 1 << 20
_LEGACY_START, _LEGACY_LENGTH = 0x100000, 0x10000


@dataclass(frozen=True)
class LoraHashes:
    """Hexadecimal, small letters.

    Attributes:
        tensors: SHA-256 of everything behind the header; does not change with the metadata.
        whole: SHA-256 of the file.
        legacy: first 8 digits of the SHA-256 of 64 KiB from 1 MiB on, the oldest kind.
    """

    tensors: str
    whole: str
    legacy: str

    @property
    def civitai(self) -> str:
        """What Civitai calls AutoV2."""
        return self.whole[:CIVITAI_DIGITS]

    def webui(self, recorded: str = "") -> str:
        """What AUTOMATIC1111 writes under `Lora hashes` into a picture.

        Args:
            recorded: `sshs_model_hash` of the metadata, which the WebUI trusts when it is there.
        """
        return (recorded or self.tensors)[:WEBUI_DIGITS]


def file_hashes(path: Path) -> LoraHashes:
    """Compute the hashes of a safetensors file in one reading.

    Raises:
        LoraError: it cannot be read.
    """
    tensors, whole = hashlib.sha256(), hashlib.sha256()
    try:
        with path.open("rb") as file:
            start = 8 + int.from_bytes(file.read(8), "little")
            file.seek(_LEGACY_START)
            legacy = hashlib.sha256(file.read(_LEGACY_LENGTH)).hexdigest()[:8]
            file.seek(0)
            at = 0
            while block := file.read(_BLOCK):
                whole.update(block)
                tensors.update(memoryview(block)[max(0, min(start - at, len(block))) :])
                at += len(block)
    except OSError as error:
        raise LoraError(f"{path} cannot be read: {error.strerror or error}.") from error
    return LoraHashes(tensors.hexdigest(), whole.hexdigest(), legacy)
