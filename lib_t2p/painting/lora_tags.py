"""`<lora:name:weight>` tags in a prompt, as the WebUI reads them."""

from __future__ import annotations

import re

from lib_t2p.errors import PaintingError

_TAG = re.compile(r"<lora:([^<>]*)>")


def split_lora_tags(prompt: str) -> tuple[str, list[tuple[str, float]]]:
    """Take the tags out of a prompt.

    Returns:
        the prompt without them, and (stem, weight) of each in their order; a tag given twice stays
        twice, since the WebUI adds both. A tag without weight weighs 1.

    Raises:
        PaintingError: a tag without a name, or whose weight is no number.
    """
    tags = [_parse(found[1]) for found in _TAG.finditer(prompt)]
    return _TAG.sub("", prompt).strip() if tags else prompt, tags


def _parse(body: str) -> tuple[str, float]:
    stem, *rest = (part.strip() for part in body.split(":"))
    if not stem:
        raise PaintingError(f"The tag <lora:{body}> names no LoRA: write <lora:name:weight>.")
    if len(rest) > 1:
        raise PaintingError(
            f"The tag <lora:{body}> gives more than one weight, which our painter does not "
            "support: write <lora:name:weight>."
        )
    try:
        return stem, float(rest[0]) if rest else 1.0
    except ValueError as error:
        raise PaintingError(
            f"The tag <lora:{body}> has no number as its weight: write <lora:name:weight>."
        ) from error
