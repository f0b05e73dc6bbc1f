"""Counted things in words."""

from __future__ import annotations

IRREGULAR = {
    "axis": "axes",
    "batch": "batches",
    "copy": "copies",
    "person": "people",
    "is": "are",
    "was": "were",
}
"""Words whose plural is not made by an s."""


def counted(number: int, words: str) -> str:
    """`1 photo`, `2 photos`, `1 photo is`, `2 photos are`.

    Args:
        number: how many.
        words: what is counted, in the singular: a noun, with a verb behind it if it needs one.
    """
    return f"{number} {plural(words, number)}"


def every(number: int, noun: str) -> str:
    """`every epoch`, `every 2 epochs`."""
    return f"every {noun if number == 1 else counted(number, noun)}"


def plural(words: str, number: int = 2) -> str:
    """`words` as they stand after `number`: `photo is` becomes `photos are` unless it is 1."""
    if number == 1:
        return words
    noun, verb = words, ""
    if words.endswith((" is", " was")):
        noun, _, verb = words.rpartition(" ")
    first, _, last = noun.rpartition(" ")
    many = f"{first} {IRREGULAR.get(last, last + 's')}".strip()
    return f"{many} {IRREGULAR[verb]}" if verb else many
