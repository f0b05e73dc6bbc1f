"""Editing many captions at once: what would change is shown first, and can be undone.

Some patterns that people type take longer than a person lives (nested repeats that fail at the last
letter), and Python's `re` can be ended only together with its process, so it has one of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lib_t2p import platforms
from lib_t2p.errors import InputError

MOST_PATTERN = 200
"""Letters of a pattern."""
LIMIT = 5.0
"""Seconds for all captions; a usual pattern takes a hundredth of one."""
_PROGRAM = Path(__file__).with_name("pattern_process.py")


def check_pattern(pattern: str, by: str) -> None:
    """Raise `InputError` when a pattern is none, or `by` cannot take the place of its matches."""
    if len(pattern) > MOST_PATTERN:
        raise InputError(f"The pattern is longer than {MOST_PATTERN} letters: shorten it.")
    try:
        _compiled(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"{pattern!r} is no regular expression ({error}): mend it, or replace plain text."
        ) from error
    try:
        # A wrong group number in `by` would only show at the first match.
        _compiled(f"{pattern}|").sub(by, "")
    except (re.error, IndexError, OverflowError) as error:
        raise InputError(
            f"{by!r} cannot take the place of what {pattern!r} finds ({error}): write "
            "\\\\ for a backslash, and \\1 only where the pattern has a group."
        ) from error


def replace_pattern(
    pattern: str, by: str, texts: Sequence[str], seconds: float = LIMIT
) -> list[str]:
    """The texts with all matches replaced.

    Args:
        pattern, by: as of Python's `re.sub`.
        texts: in any number.
        seconds: for all of them together.

    Raises:
        InputError: the pattern is none, or takes longer than that.
    """
    check_pattern(pattern, by)
    if not texts:
        return []
    asked = json.dumps({"pattern": pattern, "by": by, "texts": list(texts)})
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(_PROGRAM)],
            input=asked.encode("ascii"),
            capture_output=True,
            timeout=seconds,
            check=True,
            **platforms.own_group_options(),
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"The pattern {pattern!r} took longer than {seconds:g} s, so nothing was changed: "
            "write it without a repeat inside a repeat, or replace plain text."
        ) from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(
            f"The pattern {pattern!r} could not be tried ({error}): replace plain text instead."
        ) from error
    return [str(text) for text in json.loads(done.stdout)]


def _compiled(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern)


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
