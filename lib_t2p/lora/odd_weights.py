"""What is odd about a LoRA file, one sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lib_t2p.lora.family import way_out
from lib_t2p.lora.recognising import UNKNOWN
from lib_t2p.lora.recorded import recorded_family
from lib_t2p.lora.summary import LoraSummary


def oddities(lora: LoraSummary) -> list[str]:
    """Name everything about a file that a person would not expect."""
    return [
        *([lora.odd_metadata] if lora.odd_metadata else []),
        *_weights(lora),
        *_family(lora),
        *_recorded(lora),
        *_modules(lora),
    ]


def alphas_of(lora: LoraSummary) -> Counter[float]:
    """Alpha -> how many modules have it."""
    return Counter(lora.health.alphas.values())


def _weights(lora: LoraSummary) -> list[str]:
    found = []
    if lora.health.broken:
        found.append(
            f"{len(lora.health.broken)} tensors hold values that are not numbers (such as "
            f"{lora.health.broken[0]}): pictures will be black. Train again with another precision."
        )
    if lora.health.changes_nothing:
        found.append(
            "All its second matrices are 0, so it changes nothing: the training never learnt, as "
            "with full fp16 and D-Adaptation."
        )
    return found


def _family(lora: LoraSummary) -> list[str]:
    found = []
    named, told = recorded_family(lora.metadata), lora.network.told
    if told.family == UNKNOWN:
        way = way_out(lora.path, told)
        found.append(
            f"It is made for {told.title}, so that no checkpoint is known to fit it"
            f"{f': {way}' if way else ''}."
        )
    elif named and named != told.family:
        found.append(f"The metadata say {named}, the shapes are of {told.family}.")
    return found


def _recorded(lora: LoraSummary) -> list[str]:
    if not any(name.startswith("ss_") for name in lora.metadata):
        return ["It has no training metadata: its settings can't be read back."]
    found = []
    linear = _only(lora.network.ranks)
    dim, alpha = lora.recorded("ss_network_dim"), lora.recorded("ss_network_alpha")
    if dim and linear is not None and dim != str(linear):
        found.append(f"The metadata say rank {dim}, the tensors have {linear}: it was resized.")
    alphas = alphas_of(lora)
    if alpha and alphas and _number(alpha) not in alphas:
        told = ", ".join(f"{a:g}" for a in alphas)
        found.append(f"The metadata say alpha {alpha}, the tensors have {told}.")
    hashed = lora.recorded("sshs_model_hash")
    if hashed and hashed != lora.hashes.tensors:
        found.append(
            "Its recorded hash is not that of its tensors: they were changed after training, and "
            "the WebUI still shows the old hash."
        )
    return found


def _modules(lora: LoraSummary) -> list[str]:
    found = []
    if lora.network.unpaired:
        found.append(
            f"{len(lora.network.unpaired)} modules lack one of their two matrices (such as "
            f"{lora.network.unpaired[0]}): a WebUI will refuse or overlook them."
        )
    if lora.network.ranks and not lora.health.alphas:
        found.append("It has no alphas: a WebUI takes them as equal to the rank.")
    if not lora.network.unet_modules:
        found.append("It changes the text encoder only.")
    return found


def _only(ranks: Mapping[int, int]) -> int | None:
    return next(iter(ranks)) if len(ranks) == 1 else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
