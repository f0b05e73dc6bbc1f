"""A1111's emphasis: `(text)`, `[text]`, `(text:1.2)`, escaped brackets, and BREAK.

Grammar: https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/Features#attentionemphasis
"""

from __future__ import annotations

import re

UP, DOWN = 1.1, 1 / 1.1
"""Factors of round and of square brackets."""

BREAK = "BREAK"
"""Text of the mark that begins a new chunk; its weight is -1."""

_TOKEN = re.compile(
    r"\\[()\[\]\\]"
    r"|\\"
    r"|[(\[]"
    r"|:\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*\)"
    r"|[)\]]"
    r"|[^\\()\[\]:]+"
    r"|:"
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_BREAK = re.compile(r"\s*\bBREAK\b\s*")


def parse_emphasis(text: str) -> list[tuple[str, float]]:
    r"""Split a prompt into texts and weights.

    Brackets that are never closed act to the end; closing ones without a beginning are text.
    `\(` is a bracket in the text. Neighbours of equal weight are joined; BREAK gives
    `("BREAK", -1.0)`.

    Returns:
        at least one pair; an empty prompt gives `[("", 1.0)]`.
    """
    pieces: list[tuple[str, float]] = []
    rounds: list[int] = []
    squares: list[int] = []
    for token in _TOKEN.findall(text):
        if token.startswith("\\") and len(token) > 1:
            pieces.append((token[1:], 1.0))
        elif token == "(":
            rounds.append(len(pieces))
        elif token == "[":
            squares.append(len(pieces))
        elif token.startswith(":") and len(token) > 1 and rounds:
            _scale(pieces, rounds.pop(), float(_NUMBER.search(token)[0]))  # type: ignore[index]
        elif token == ")" and rounds:
            _scale(pieces, rounds.pop(), UP)
        elif token == "]" and squares:
            _scale(pieces, squares.pop(), DOWN)
        else:
            pieces += _split_at_breaks(token)
    for start in rounds:
        _scale(pieces, start, UP)
    for start in squares:
        _scale(pieces, start, DOWN)
    return _joined(pieces) or [("", 1.0)]


def _scale(pieces: list[tuple[str, float]], start: int, factor: float) -> None:
    for at in range(start, len(pieces)):
        text, weight = pieces[at]
        if weight != -1.0:
            pieces[at] = (text, weight * factor)


def _split_at_breaks(text: str) -> list[tuple[str, float]]:
    parts = _BREAK.split(text)
    pieces = [(parts[0], 1.0)]
    for part in parts[1:]:
        pieces += [(BREAK, -1.0), (part, 1.0)]
    return pieces


def _joined(pieces: list[tuple[str, float]]) -> list[tuple[str, float]]:
    joined: list[tuple[str, float]] = []
    for text, weight in pieces:
        if joined and joined[-1][1] == weight and weight != -1.0:
            joined[-1] = (joined[-1][0] + text, weight)
        elif text:
            joined.append((text, weight))
    return joined
