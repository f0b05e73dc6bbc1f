"""The card of a LoRA: a JSON file and a picture beside it, which the WebUI shows.

Source: `extensions-builtin/Lora` of AUTOMATIC1111's WebUI reads these keys.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lib_t2p.errors import LoraError
from lib_t2p.files import write_bytes, write_text
from lib_t2p.json_io import json_text, loads

KEYS = {
    "description": "description",
    "sd_version": "sd version",
    "activation_text": "activation text",
    "preferred_weight": "preferred weight",
    "negative_text": "negative text",
    "notes": "notes",
}


@dataclass(frozen=True)
class LoraCard:
    """What a card says.

    Attributes:
        description: shown on the card.
        sd_version: family.
        activation_text: put into the prompt with the LoRA.
        preferred_weight: put into the LoRA's tag; 0 is not written and leaves the WebUI's default.
        negative_text: put into the negative prompt.
        notes: free text.
        others: keys of other extensions, kept as they are.
    """

    description: str = ""
    sd_version: Literal["SD1", "SD2", "SDXL", "Unknown"] = "Unknown"
    activation_text: str = ""
    preferred_weight: float = 0.0
    negative_text: str = ""
    notes: str = ""
    others: Mapping[str, Any] = field(default_factory=dict)


def write_card(lora: Path, card: LoraCard, preview: bytes | None = None) -> Path:
    """Write the card of a LoRA.

    Args:
        lora: the `.safetensors` file.
        card: what to say.
        preview: bytes of a PNG; a picture that is there already stays without it.

    Returns:
        The JSON file.

    Raises:
        LoraError: the LoRA is not there, or the preferred weight is no number.
        WorkspaceError: the disk is full or the folder may not be written.
    """
    if not lora.is_file():
        raise LoraError(f"There is no LoRA at {lora}: its card was not written.")
    if not math.isfinite(card.preferred_weight):
        raise LoraError(
            f"The preferred weight {card.preferred_weight} is no number: give one such as 0.8."
        )
    body = {**card.others, **{key: getattr(card, name) for name, key in KEYS.items()}}
    if not card.preferred_weight:
        # A number there counts as a verdict, and nobody has given one.
        del body[KEYS["preferred_weight"]]
    path = lora.with_suffix(".json")
    text = json_text(body, ensure_ascii=False, indent=4)
    write_text(path, _whole_text(text) + "\n")
    if preview is not None:
        write_bytes(lora.with_suffix(".png"), preview)
    return path


def read_card(lora: Path) -> LoraCard:
    """Read the card of a LoRA; an empty one when there is none.

    Raises:
        LoraError: the file is damaged.
    """
    path = lora.with_suffix(".json")
    if not path.exists():
        return LoraCard()
    try:
        body = loads(path.read_text(encoding="utf-8"))
        weight = float(body.get("preferred weight") or 0.0)
        if not math.isfinite(weight):
            raise ValueError("a weight that is no number")
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LoraError(f"The card {path} is damaged: remove it or write it again.") from error
    texts = {n: str(body.get(k) or "") for n, k in KEYS.items() if n != "preferred_weight"}
    version = texts.pop("sd_version")
    others = {k: v for k, v in body.items() if k not in KEYS.values()}
    known = version if version in ("SD1", "SD2", "SDXL") else "Unknown"
    return LoraCard(**texts, sd_version=known, preferred_weight=weight, others=others)  # type: ignore[arg-type]


def _whole_text(text: str) -> str:
    """Without halves of characters, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
