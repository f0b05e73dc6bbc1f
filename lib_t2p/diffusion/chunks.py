"""A prompt's tokens in chunks of 75 with their weights, cut as A1111 cuts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lib_t2p.diffusion.emphasis import BREAK, parse_emphasis

ROOM = 75
"""Tokens of a chunk, start and end marks not counted."""

BACKTRACK = 20
"""A chunk that is full ends at the last comma when that lies at most so many tokens back."""


@dataclass
class Chunk:
    """Tokens of one chunk, still without marks and padding.

    Attributes:
        tokens: at most 75 ids.
        weights: one per token.
    """

    tokens: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


class _Cutter:
    def __init__(self, comma: int | None) -> None:
        self.chunks = [Chunk()]
        self._comma = comma
        self._last_comma = -1

    def start_chunk(self) -> None:
        self.chunks.append(Chunk())
        self._last_comma = -1

    def add(self, token: int, weight: float) -> None:
        chunk = self.chunks[-1]
        if token == self._comma:
            self._last_comma = len(chunk.tokens)
        elif len(chunk.tokens) == ROOM and 0 <= ROOM - self._last_comma - 1 < BACKTRACK:
            self._move_rest(self._last_comma + 1)
        if len(self.chunks[-1].tokens) == ROOM:
            self.start_chunk()
        self.chunks[-1].tokens.append(token)
        self.chunks[-1].weights.append(weight)

    def _move_rest(self, at: int) -> None:
        full = self.chunks[-1]
        moved = Chunk(full.tokens[at:], full.weights[at:])
        full.tokens, full.weights = full.tokens[:at], full.weights[:at]
        self.start_chunk()
        self.chunks[-1] = moved


def cut_prompt(tokenizer: Any, prompt: str) -> list[Chunk]:
    """Cut a prompt into at least one chunk.

    Args:
        tokenizer: a CLIPTokenizer.
        prompt: in A1111's syntax, without `<lora:...>` tags.
    """
    cutter = _Cutter(_comma(tokenizer))
    for text, weight in parse_emphasis(prompt):
        if text == BREAK and weight == -1.0:
            cutter.start_chunk()
            continue
        for token in plain_tokens(tokenizer, text):
            cutter.add(token, weight)
    return cutter.chunks


def _comma(tokenizer: Any) -> int | None:
    found = tokenizer.get_vocab().get(",</w>")
    return int(found) if found is not None else None


def plain_tokens(tokenizer: Any, text: str) -> list[int]:
    """Token ids of a text of any length, without marks."""
    # `verbose` would warn of more than 77 tokens, which chunks are there for.
    return list(
        tokenizer(text, add_special_tokens=False, truncation=False, verbose=False).input_ids
    )


def padded(tokenizer: Any, chunk: Chunk) -> tuple[list[int], list[float]]:
    """Put marks around a chunk and fill it up to 77 tokens; marks and filling weigh 1.0."""
    fill = ROOM - len(chunk.tokens)
    ids = [tokenizer.bos_token_id, *chunk.tokens, tokenizer.eos_token_id]
    return ids + [_pad(tokenizer)] * fill, [1.0, *chunk.weights, 1.0] + [1.0] * fill


def _pad(tokenizer: Any) -> int:
    pad = tokenizer.pad_token_id
    return int(tokenizer.eos_token_id if pad is None else pad)
