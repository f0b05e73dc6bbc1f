"""A cell's LoRA and trigger written into its prompt."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from lib_t2p.grids.axes import shown

_TAG = re.compile(r"<lora:([^<>:]*)(:[^<>]*)?>")
_ANGLES = re.compile(r"(<[^<>]*>)")


@dataclass(frozen=True)
class Spoken:
    """The words that stand for a person in a prompt."""

    trigger: str
    class_word: str


def named_lora(prompt: str, ours: Collection[str], *, any_other: bool = False) -> str:
    """The LoRA of ours that a prompt names first, else the first of any; empty when none."""
    names = [found[1].strip() for found in _TAG.finditer(prompt)]
    own = next((name for name in names if name in ours), "")
    return own or (names[0] if names and any_other else "")


def with_lora(prompt: str, named: str, stem: str, weight: float | None) -> str:
    """Put a LoRA in the place of the one that is named, or at the end.

    Args:
        prompt: to be changed.
        named: stem in the tag to be replaced; empty when there is none.
        stem: of the LoRA.
        weight: None keeps the weight that the tag has, or takes 1.
    """
    for found in _TAG.finditer(prompt):
        if named and found[1].strip() == named:
            rest = f":{shown(weight)}" if weight is not None else (found[2] or ":1")
            return f"{prompt[: found.start()]}<lora:{stem}{rest}>{prompt[found.end() :]}"
    return f"{prompt.rstrip()} <lora:{stem}:{shown(1.0 if weight is None else weight)}>".lstrip()


def without_lora(prompt: str, stems: Collection[str]) -> str:
    """Take out every tag of these LoRAs."""
    return _TAG.sub(lambda found: "" if found[1].strip() in stems else found[0], prompt)


def filled(prompt: str, words: Spoken) -> str:
    """Fill `{trigger}` and `{class_word}`."""
    return prompt.replace("{trigger}", words.trigger).replace("{class_word}", words.class_word)


def first_spoken(prompt: str, known: Collection[Spoken]) -> Spoken | None:
    """Whose trigger stands first in a prompt."""
    text = _ANGLES.sub(lambda found: " " * len(found[0]), prompt)
    places = [(found.start(), words) for words in known if (found := _find(text, words.trigger))]
    return min(places, key=lambda place: place[0])[1] if places else None


def spoken_of(prompt: str, old: Spoken, new: Spoken) -> str:
    """Name another person: trigger for trigger, and the class word that follows it."""
    pattern = re.compile(
        rf"(?<!\w){re.escape(old.trigger)}(?!\w)((?:\s*:\s*[\d.]+)?\)*)"
        rf"(\s+{re.escape(old.class_word)}(?!\w))?"
    )

    def name(found: re.Match[str]) -> str:
        return f"{new.trigger}{found[1]}" + (f" {new.class_word}" if found[2] else "")

    return _outside_angles(prompt, lambda text: pattern.sub(name, text))


def emphasised(prompt: str, words: Spoken, weight: float) -> str:
    """Weigh the trigger: an emphasis that it has, alone or with its class word, is replaced."""
    token, kind = re.escape(words.trigger), re.escape(words.class_word)
    pattern = re.compile(
        rf"\(\s*({token}(?:\s+{kind})?)\s*(?::\s*[\d.]+\s*)?\)|(?<!\w)({token})(?!\w)"
    )

    def weigh(found: re.Match[str]) -> str:
        return f"({found[1] or found[2]}:{shown(weight)})"

    return _outside_angles(prompt, lambda text: pattern.sub(weigh, text))


def _find(text: str, trigger: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", text)


def _outside_angles(prompt: str, change: Callable[[str], str]) -> str:
    parts = _ANGLES.split(prompt)
    return "".join(part if n % 2 else change(part) for n, part in enumerate(parts))
