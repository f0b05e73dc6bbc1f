"""What there is to know of a LoRA file, without torch and without trusting it.

Source of the numbers by which it is known elsewhere: `modules/hashes.py` and
`extensions-builtin/Lora/network.py` of AUTOMATIC1111's WebUI (versions 1.6 to 1.10), which took
them from `library/train_util.py` of kohya-ss/sd-scripts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lib_t2p.errors import LoraError
from lib_t2p.json_io import loads
from lib_t2p.lora.family import by_card, no_lora
from lib_t2p.lora.header import DTYPE_BYTES, TensorInfo, odd_metadata_words, read_header
from lib_t2p.lora.keys import ALPHA
from lib_t2p.lora.network import Network, network_of

_PLAIN: dict[str, str] = {
    "F16": "<f2", "F32": "<f4", "F64": "<f8", "I8": "i1", "U8": "u1", "I16": "<i2", "I32": "<i4",
    "I64": "<i8", "U16": "<u2", "U32": "<u4", "U64": "<u8",
}  # fmt: skip
_BLOCK_VALUES = 1 << 22
_ENDS_UP = (".lora_up.weight", ".lora_B.weight", ".lora.up.weight")


@dataclass(frozen=True)
class Health:
    """What the numbers of a file say.

    Attributes:
        alphas: the alpha of each module, by its stem.
        broken: tensors that hold a number which is none or infinite.
        changes_nothing: whether every second matrix is 0, as before the first step.
    """

    alphas: Mapping[str, float]
    broken: tuple[str, ...]
    changes_nothing: bool


def read_health(path: Path, tensors: Mapping[str, TensorInfo]) -> Health:
    """Read every number of a file once, a few megabytes at a time.

    Args:
        path: of the file.
        tensors: of its header, checked by `read_header`.

    Raises:
        LoraError: it cannot be read.
    """
    alphas: dict[str, float] = {}
    broken = []
    ups = [name for name in tensors if name.endswith(_ENDS_UP)]
    learnt = not ups
    try:
        with path.open("rb") as file:
            for name, info in sorted(tensors.items(), key=lambda item: item[1].begin):
                finite, nonzero = True, False
                for values in _values(file, info):
                    finite = finite and bool(np.isfinite(values).all())
                    nonzero = nonzero or bool(values.any())
                    if name.endswith(ALPHA) and values.size == 1:
                        alphas[name.removesuffix(ALPHA)] = float(values.reshape(-1)[0])
                learnt = learnt or (nonzero and name.endswith(_ENDS_UP))
                if not finite:
                    broken.append(name)
    except OSError as error:
        raise LoraError(f"{path} cannot be read: {error.strerror or error}.") from error
    return Health(alphas, tuple(broken), not learnt)


def _values(file: BinaryIO, info: TensorInfo) -> Iterator[np.ndarray[Any, Any]]:
    """The numbers of a tensor in blocks; eight-bit floats are given as whole numbers."""
    size = DTYPE_BYTES[info.dtype]
    file.seek(info.begin)
    left = info.end - info.begin
    while left:
        data = file.read(min(left, _BLOCK_VALUES * size))
        if not data:
            return
        left -= len(data)
        if info.dtype == "BF16":
            yield (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
        else:
            yield np.frombuffer(data, _PLAIN.get(info.dtype, "u1"))


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


@dataclass(frozen=True)
class TrainedFolder:
    """A training folder that the metadata tell of."""

    name: str
    repeats: int
    pictures: int
    is_reg: bool


@dataclass(frozen=True)
class LoraSummary:
    """A LoRA file.

    Attributes:
        path: the file.
        bytes: its size.
        metadata: as it stands in the file.
        network: counted from the tensors.
        health: what the numbers say.
        hashes: by which it is known elsewhere.
        folders: what it was trained on.
        tags: caption part -> times, over all folders, the most frequent first.
        odd_metadata: a sentence about metadata that are no text; empty when all are.
    """

    path: Path
    bytes: int
    metadata: Mapping[str, str]
    network: Network
    health: Health
    hashes: LoraHashes
    folders: tuple[TrainedFolder, ...]
    tags: Mapping[str, int]
    odd_metadata: str = ""

    def recorded(self, name: str) -> str:
        """A value of the metadata; empty when it is not recorded."""
        value = self.metadata.get(name, "").strip()
        return "" if value in ("None", "null") else value

    @property
    def family(self) -> str:
        """A key of `recognising.TITLES`, which may be `unknown`."""
        return self.network.family


def summarise(path: Path) -> LoraSummary:
    """Read a LoRA file.

    Raises:
        LoraError: it cannot be read, its header lies, or it is no LoRA.
    """
    if path.suffix.lower() != ".safetensors":
        raise LoraError(
            f"{path} is no .safetensors file: other kinds may run foreign code when opened, so "
            "they are not read."
        )
    header = read_header(path)
    network = network_of(header)
    if not network.kind:
        raise no_lora(path, header, network.told)
    told = by_card(path, network.told)
    network = replace(network, told=told, family=told.family)
    return LoraSummary(
        path=path,
        bytes=path.stat().st_size,
        metadata=header.metadata,
        network=network,
        health=read_health(path, header.tensors),
        hashes=file_hashes(path),
        folders=_folders(header.metadata),
        tags=_tags(header.metadata),
        odd_metadata=odd_metadata_words(header) if header.odd_metadata else "",
    )


def _folders(metadata: Mapping[str, str]) -> tuple[TrainedFolder, ...]:
    found = []
    for key, is_reg in (("ss_dataset_dirs", False), ("ss_reg_dataset_dirs", True)):
        for name, about in _object(metadata, key).items():
            if isinstance(about, dict):
                counts = (about.get("n_repeats"), about.get("img_count"))
                repeats, pictures = (n if isinstance(n, int) else 0 for n in counts)
                found.append(TrainedFolder(name, repeats, pictures, is_reg))
    return tuple(found)


def _tags(metadata: Mapping[str, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for folder in _object(metadata, "ss_tag_frequency").values():
        for tag, count in folder.items() if isinstance(folder, dict) else ():
            if isinstance(count, int):
                counts[tag.strip()] = counts.get(tag.strip(), 0) + count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _object(metadata: Mapping[str, str], key: str) -> dict[str, Any]:
    """A JSON object of the metadata; empty when it is missing or anything else."""
    try:
        value = loads(metadata.get(key, "{}"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
