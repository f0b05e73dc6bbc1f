"""Sample prompts: typed or in a file, with the person's own token where a placeholder stands."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError
from lib_t2p.json_io import loads
from lib_t2p.toml_io import parse_toml

KINDS = (".txt", ".toml", ".json")
"""Endings of the files that sd-scripts reads; another one ends it in the middle of a run."""

MOST_BYTES = 1024 * 1024
"""A list of prompts has a few KiB."""

_TOKEN_WORDS = "instance prompt|instance token|instance|trigger word|trigger|token|identifier"
_CLASS_WORDS = "instance class|class prompt|class word|class name|class"
_OPEN, _CLOSE = r"(?:<|\{|\[)\s*", r"\s*(?:>|\}|\])"
_TOKEN = re.compile(f"{_OPEN}(?:{_TOKEN_WORDS.replace(' ', '[ _-]?')}){_CLOSE}", re.I)
_CLASS = re.compile(f"{_OPEN}(?:{_CLASS_WORDS.replace(' ', '[ _-]?')}){_CLOSE}", re.I)
_MARK = re.compile(r"\s--(?=[nwhdls]\s)")
_NUMBERS: dict[str, type[int] | type[float]] = {"w": int, "h": int, "d": int, "s": int, "l": float}
_ENCODED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def filled(
    text: str, trigger: str, class_word: str, others: Mapping[str, str] | None = None
) -> str:
    """Put a person's token and class where a text leaves room for them, or names another person.

    Args:
        text: prompts, such as `(<instance prompt> <instance class>:1.2)` of the guide's files or
            `{trigger} {class}`.
        trigger: of the person who is trained.
        class_word: of that person.
        others: trigger -> class of the other people here, whose settings may have been taken over.
    """
    text = _CLASS.sub(lambda _: class_word, _TOKEN.sub(lambda _: trigger, text))
    for token, kind in (others or {}).items():
        if token.lower() == trigger.lower() and kind.lower() == class_word.lower():
            continue
        pair = re.compile(rf"(?<!\w){re.escape(token)}\s+{re.escape(kind)}(?!\w)", re.I)
        text = pair.sub(lambda _: f"{trigger} {class_word}", text)
        if token.lower() != trigger.lower():
            alone = re.compile(rf"(?<!\w){re.escape(token)}(?!\w)", re.I)
            text = alone.sub(lambda _: trigger, text)
    return text


def prompt_path(text: str) -> Path | None:
    """The file that sample prompts name; None when they are prompts themselves.

    One line that ends like a list of prompts is a path, whether it is there or not.
    """
    line = text.strip()
    if not line or "\n" in line or len(line) > 1000:
        return None
    looks_so = line.lower().endswith(KINDS) and ("/" in line or "\\" in line or " " not in line)
    try:
        return Path(line) if looks_so or Path(line).is_file() else None
    except (OSError, ValueError):
        return None


def prompt_text(path: Path) -> str:
    """Read a file of prompts in UTF-8, UTF-16 or cp1252.

    Raises:
        InputError: it is not there, is too large, or is not what sd-scripts makes prompts of.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"sample_prompts names {path}, which is no file: check the path.")
        if status.st_size > MOST_BYTES:
            raise InputError(f"sample_prompts names {path}, which is larger than 1 MB: shorten it.")
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or error
        raise InputError(
            f"sample_prompts names {path}, which cannot be read ({why}): check the path."
        ) from error
    text = _decoded(data)
    ending = path.suffix.lower()
    if ending in (".toml", ".json"):
        fault = _fault(text, ending, path)
        if fault:
            raise InputError(f"sample_prompts names {path}, {fault}.")
    return text


def parsed_line(line: str) -> tuple[str, str | None, dict[str, int | float]]:
    """Part a line into prompt, negative prompt (None when it has none) and numbers by letter.

    Raises:
        InputError: a number is none; names the line.
    """
    prompt, *marked = _MARK.split(line)
    negative: str | None = None
    numbers: dict[str, int | float] = {}
    for part in marked:
        letter, _, value = part.partition(" ")
        if letter == "n":
            negative = value.strip()
            continue
        try:
            numbers[letter] = _NUMBERS[letter](value.strip())
        except (ValueError, OverflowError) as error:
            raise InputError(
                f"The sample prompt {line[:60]!r} has --{letter} {value[:40]!r}, no number."
            ) from error
    return prompt.strip(), negative, numbers


def prompt_lines(text: str) -> list[str]:
    """The lines that hold a prompt; `#` starts a comment."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _decoded(data: bytes) -> str:
    named = next((name for mark, name in _ENCODED if data.startswith(mark)), "utf-8")
    try:
        return data.decode(named)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _fault(text: str, ending: str, path: Path) -> str:
    """Why sd-scripts would end with an error when it comes to draw."""
    try:
        found: Any = loads(text) if ending == ".json" else parse_toml(text, str(path))
    except (ValueError, RecursionError, InputError):
        return f"which is not valid {ending[1:].upper()}"
    if ending == ".json":
        good = isinstance(found, list) and all(isinstance(one, (dict, str)) for one in found)
        return "" if good else "which must hold a list of prompts"
    table = found.get("prompt")
    subsets = table.get("subset") if isinstance(table, dict) else None
    good = isinstance(subsets, list) and all(isinstance(one, dict) for one in subsets)
    return "" if good else "which must hold tables [[prompt.subset]]"
