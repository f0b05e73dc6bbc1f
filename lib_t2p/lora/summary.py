"""What there is to know of a LoRA file, without torch and without trusting it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lib_t2p.errors import LoraError
from lib_t2p.json_io import loads
from lib_t2p.lora.family import by_card, no_lora
from lib_t2p.lora.hashes import LoraHashes, file_hashes
from lib_t2p.lora.header import odd_metadata_words, read_header
from lib_t2p.lora.network import Network, network_of
from lib_t2p.lora.weights import Health, read_health


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
