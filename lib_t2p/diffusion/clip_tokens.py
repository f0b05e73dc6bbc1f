"""How many tokens CLIP makes of a text, without loading any model.

Byte-pair encoding as in `clip/simple_tokenizer.py` of openai/CLIP (MIT), written anew: each word is
split into the characters of its bytes, and the earliest merge of the list is applied until none
fits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from lib_t2p.diffusion.clip_vocabulary import byte_characters, find_vocabulary, read_merges

LIMIT = 75
"""Tokens of one chunk, without its two marks; the trainer cuts off what is beyond."""

_WORD = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+", re.IGNORECASE)


def count_tokens(text: str) -> int:
    """Tokens of a text, without the marks of start and end.

    Raises:
        SetupError: CLIP's vocabulary is missing or damaged.
    """
    return sum(_tokens_of(word) for word in _WORD.findall(" ".join(text.lower().split())))


@lru_cache(maxsize=1)
def _ranks() -> dict[tuple[str, str], int]:
    merges = (line.split() for line in read_merges(find_vocabulary()))
    return {(first, second): rank for rank, (first, second) in enumerate(merges)}


@lru_cache(maxsize=20_000)
def _tokens_of(word: str) -> int:
    characters = byte_characters()
    parts = [characters[byte] for byte in word.encode("utf-8")]
    parts[-1] += "</w>"
    ranks = _ranks()
    while len(parts) > 1:
        pairs = list(pairwise(parts))
        best = min(pairs, key=lambda pair: ranks.get(pair, len(ranks)))
        if best not in ranks:
            break
        parts = _merged(parts, best)
    return len(parts)


def _merged(parts: list[str], pair: tuple[str, str]) -> list[str]:
    result: list[str] = []
    for part in parts:
        if result and (result[-1], part) == pair:
            # A merged part ends a pair, so it cannot begin the next one.
            result[-1] = f"\0{pair[0]}{pair[1]}"
        else:
            result.append(part)
    return [part.removeprefix("\0") for part in result]
