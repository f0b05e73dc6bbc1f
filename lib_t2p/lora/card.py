"""The card of a LoRA: a JSON file and a picture beside it, which the WebUI shows.

Source: `extensions-builtin/Lora` of AUTOMATIC1111's WebUI reads these keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lib_t2p.errors import LoraError
from lib_t2p.files import write_bytes, write_text

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
        LoraError: the LoRA is not there.
        WorkspaceError: the disk is full or the folder may not be written.
    """
    if not lora.is_file():
        raise LoraError(f"There is no LoRA at {lora}: its card was not written.")
    body = {**card.others, **{key: getattr(card, name) for name, key in KEYS.items()}}
    if not card.preferred_weight:
        # A number there counts as a verdict, and nobody has given one.
        del body[KEYS["preferred_weight"]]
    path = lora.with_suffix(".json")
    write_text(path, json.dumps(body, ensure_ascii=False, indent=4) + "\n")
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
        body = json.loads(path.read_text(encoding="utf-8"))
        weight = float(body.get("preferred weight") or 0.0)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LoraError(f"The card {path} is damaged: remove it or write it again.") from error
    texts = {n: str(body.get(k) or "") for n, k in KEYS.items() if n != "preferred_weight"}
    version = texts.pop("sd_version")
    others = {k: v for k, v in body.items() if k not in KEYS.values()}
    known = version if version in ("SD1", "SD2", "SDXL") else "Unknown"
    return LoraCard(**texts, sd_version=known, preferred_weight=weight, others=others)  # type: ignore[arg-type]
