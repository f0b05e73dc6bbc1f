"""Editing many captions at once: what would change is shown first, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from lib_t2p.dataset.captions.patterns import replace_pattern
from lib_t2p.errors import InputError

EditKind = Literal["prefix", "suffix", "replace", "regex", "remove_tag", "set"]
KINDS: tuple[str, ...] = get_args(EditKind)


@dataclass(frozen=True)
class Edit:
    """One change of many captions.

    Attributes:
        kind: `prefix` and `suffix` add `text` where it does not stand yet; `replace` looks for
            `text` as it is, `regex` as Python's regular expression; `remove_tag` takes the tag
            `text` out between commas; `set` puts `text` in place of the caption.
        text: looked for or added.
        by: what takes its place, for `replace` and `regex`; `\\1` stands for a group.
    """

    kind: EditKind
    text: str
    by: str = ""


@dataclass(frozen=True)
class Change:
    """What an edit does to one photo's caption."""

    photo: str
    before: str
    after: str


def preview(captions: Mapping[str, str], edit: Edit) -> list[Change]:
    """What would change, by photo.

    Raises:
        InputError: the edit has no text, its pattern is no regular expression, or takes too long.
    """
    photos = sorted(captions)
    before = [captions[photo] for photo in photos]
    after = _changed(before, edit)
    return [Change(*one) for one in zip(photos, before, after, strict=True) if one[1] != one[2]]


def _changed(captions: list[str], edit: Edit) -> list[str]:
    if edit.kind == "regex" and edit.text.strip():
        return [_tidy(text) for text in replace_pattern(edit.text, edit.by, captions)]
    change = _changer(edit)
    return [change(caption) for caption in captions]


def _changer(edit: Edit) -> Callable[[str], str]:
    if edit.kind not in KINDS:
        raise InputError(f"{edit.kind!r} is no edit: choose one of {', '.join(KINDS)}.")
    if edit.kind == "set":
        return lambda _: edit.text.strip()
    if not edit.text.strip():
        raise InputError(f"The edit {edit.kind!r} needs a text: type one.")
    text = edit.text.strip()
    if edit.kind == "prefix":
        return lambda caption: caption if caption.startswith(text) else _joined(text, caption)
    if edit.kind == "suffix":
        return lambda caption: caption if caption.endswith(text) else _joined(caption, text)
    if edit.kind == "replace":
        return lambda caption: _tidy(caption.replace(edit.text, edit.by))
    return lambda caption: ", ".join(t for t in tags_of(caption) if t.lower() != text.lower())


def tags_of(caption: str) -> list[str]:
    """The parts between commas."""
    return [tag for part in caption.split(",") if (tag := part.strip())]


def _joined(first: str, second: str) -> str:
    if not first or not second:
        return first or second
    mark = "" if first.endswith(",") or second.startswith(",") else ","
    return f"{first}{mark} {second}"


def _tidy(caption: str) -> str:
    return ", ".join(" ".join(tag.split()) for tag in tags_of(caption))
