"""`<lora:name:weight>` tags in a prompt, as the WebUI reads them.

The WebUI takes every `<word:..>` out of a prompt before its words are read (`modules/
extra_networks.py`): `lora` and `lyco` are two names of one thing, `hypernet` is another, and any
other word has no effect. Capitals count.
"""

from __future__ import annotations

import math
import re

from lib_t2p.errors import PaintingError

_TAG = re.compile(r"<(\w+):([^>]*)>")
_LORA = ("lora", "lyco")


def split_lora_tags(prompt: str) -> tuple[str, list[tuple[str, float]]]:
    """Take all tags out of a prompt.

    Returns:
        the prompt without them, and (stem, weight) of each LoRA in their order; a tag given twice
        stays twice, since the WebUI adds both. A tag without weight weighs 1.

    Raises:
        PaintingError: a tag of a LoRA without a name, or whose weight is no number.
    """
    tags = [_parse(word, body) for word, body in _tags(prompt) if word in _LORA]
    return without_tags(prompt), tags


def without_tags(prompt: str) -> str:
    """The words of a prompt alone; unchanged when it has no tag."""
    plain = _TAG.sub(lambda found: "" if _is_tag(*found.groups()) else found[0], prompt)
    return plain if plain == prompt else plain.strip()


def lora_stems(prompt: str) -> list[str]:
    """The LoRAs that a prompt names, whatever their weights are; each once, in their order."""
    named = (body.split(":")[0].strip() for word, body in _tags(prompt) if word in _LORA)
    return list(dict.fromkeys(stem for stem in named if stem))


def hypernetworks(prompt: str) -> list[str]:
    """The hypernetworks that a prompt names."""
    return [body.split(":")[0].strip() for word, body in _tags(prompt) if word == "hypernet"]


def _tags(prompt: str) -> list[tuple[str, str]]:
    return [(word, body) for word, body in _TAG.findall(prompt) if _is_tag(word, body)]


def _is_tag(word: str, body: str) -> bool:
    # The WebUI leaves `<x:>` as text; of a LoRA it can only be a slip.
    return bool(body) or word in _LORA


def _parse(word: str, body: str) -> tuple[str, float]:
    tag = f"<{word}:{body}>"
    stem, *rest = (part.strip() for part in body.split(":"))
    if not stem:
        raise PaintingError(f"The tag {tag} names no LoRA: write <lora:name:weight>.")
    if len(rest) > 1:
        raise PaintingError(
            f"The tag {tag} gives more than one weight, which our painter does not support: write "
            "<lora:name:weight>."
        )
    try:
        weight = float(rest[0]) if rest else 1.0
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise PaintingError(f"The tag {tag} has no number as its weight: write <lora:name:weight>.")
    return stem, weight
