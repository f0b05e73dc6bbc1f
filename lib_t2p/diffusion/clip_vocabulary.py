"""CLIP's byte-pair vocabulary, from the file that open_clip_torch carries, and counts of tokens.

The file lists the merges; the vocabulary follows from it: 256 bytes, the same with an end-of-word
mark, one entry per merge, and the two marks. Source: `clip/simple_tokenizer.py` of openai/CLIP
(MIT), written anew. The wheel is located, never imported. To count tokens, each word is split into
the characters of its bytes, and the earliest merge of the list is applied until none fits.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from lib_t2p.errors import SetupError

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


START, END = "<|startoftext|>", "<|endoftext|>"
SIZE = 49408

_FILE = "bpe_simple_vocab_16e6.txt.gz"
_MERGES = SIZE - 2 * 256 - 2


def find_vocabulary() -> Path:
    """Locate the vocabulary file; raises `SetupError` when the wheel is not installed."""
    spec = find_spec("open_clip")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / _FILE
        if path.is_file():
            return path
    raise SetupError(
        "CLIP's vocabulary is missing, which single-file checkpoints need: install the package "
        "open_clip_torch into the core environment (`python3 t2p.py` repairs it)."
    )


def write_tokenizer_files(folder: Path) -> tuple[Path, Path]:
    """Write `vocab.json` and `merges.txt` as transformers' CLIPTokenizer reads them.

    Raises:
        SetupError: the vocabulary file is missing or damaged.
    """
    merges = read_merges(find_vocabulary())
    characters = byte_characters().values()
    words = [*characters, *(c + "</w>" for c in characters)]
    words += [merge.replace(" ", "") for merge in merges]
    words += [START, END]
    vocabulary, merge_file = folder / "vocab.json", folder / "merges.txt"
    vocabulary.write_text(
        json.dumps({word: number for number, word in enumerate(words)}, ensure_ascii=False),
        encoding="utf-8",
    )
    merge_file.write_text("\n".join(["#version: 0.2", *merges]) + "\n", encoding="utf-8")
    return vocabulary, merge_file


def read_merges(path: Path) -> list[str]:
    """The merges, two parts by a space each, earliest first; raises `SetupError`."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines = file.read().split("\n")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} is damaged: install open_clip_torch again.") from error
    merges = lines[1 : 1 + _MERGES]
    if len(merges) != _MERGES:
        raise SetupError(f"{path} is cut off: install open_clip_torch again.")
    return merges


def byte_characters() -> dict[int, str]:
    """A printable character for each byte, in the order of CLIP's vocabulary."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in printable]
    characters = [chr(b) for b in printable] + [chr(256 + n) for n in range(len(others))]
    return dict(zip([*printable, *others], characters, strict=True))
