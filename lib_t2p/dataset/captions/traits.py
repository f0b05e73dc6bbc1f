"""Leaving traits of the person's identity out of captions.

What a caption names, the trainer explains by that word and not by the trigger; so what is always
true of the person (hair, eyes, skin, sex, age, features of the face) must stay unnamed, and what
changes (clothes, light, place, expression) must be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_TAGS = re.compile(
    r"""
    ^(?:
        \d?\+?(?:girls?|boys?|others?|women|woman|men|man|females?|males?|person)
      | solo(?:\ focus)? | realistic | photo\ \(medium\) | photorealistic
      | .*\b(?:hair|bangs|ponytail|braids?|eyebrows|eyelashes|lips|nose|skin|ears|chin|forehead)
      | (?!closed|one).*\beyes
      | .*\b(?:freckles|mole(?:\ under.*)?|beard|stubble|mustache|facial\ hair|bald|wrinkles
            |wrinkled\ skin|goatee|dimples|scar(?:\ on.*)?|dark-skinned\ (?:fe)?male)
      | (?:mature|old|young|middle-aged|elderly|aged?)\b.*
    )$
    """,
    re.VERBOSE | re.IGNORECASE,
)

_PEOPLE = r"(?:woman|man|girl|boy|lady|guy|person|female|male|child)"
_SUBJECT = re.compile(rf"\b(?:a|an|the|one)\s+(?:[\w-]+\s+){{0,3}}?{_PEOPLE}\b", re.IGNORECASE)
_FEATURES = re.compile(
    r"\s*\b(?:with|has|having|and)\s+(?:(?:a|an|her|his|the)\s+)?(?:[\w-]+\s+){0,4}?"
    r"(?:hair|eyes|beard|mustache|freckles|skin|eyebrows)\b",
    re.IGNORECASE,
)


def without_traits(tags: Iterable[str]) -> list[str]:
    """Tags that do not belong to the person's identity, in their order."""
    return [tag for tag in tags if not _TAGS.match(tag.strip())]


def neutral_sentence(sentence: str, subject: str) -> str:
    """A captioner's sentence about `subject` instead of `a woman with long hair`.

    Args:
        sentence: such as `a woman with brown hair smiling in a park`.
        subject: such as `{token} {class}`; put in front where the sentence names nobody.
    """
    plain = _FEATURES.sub("", " ".join(sentence.split()))
    # A function, since the subject may hold a backslash.
    named, count = _SUBJECT.subn(lambda _: subject, plain, count=1)
    named = " ".join(named.split())
    return named if count else ", ".join(part for part in (subject, named) if part)
