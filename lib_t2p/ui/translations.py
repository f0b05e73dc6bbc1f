"""Which words of our page people read, and which of them a translation lacks.

The WebUI takes a translation by its file name under `localizations/`, such as `de_DE.json`: one
flat object, English to translated, matched with whole texts of the page, titles and placeholders.
`python -m lib_t2p.hosts.standalone.localisation` tells what each of them lacks.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import gradio as gr

from lib_t2p.errors import InputError
from lib_t2p.jobs import JOB_KINDS
from lib_t2p.settings.options import option_table
from lib_t2p.ui import text
from lib_t2p.ui.option_fields import help_text, label_text

FOLDER = Path(__file__).resolve().parents[2] / "localizations"
HIDDEN = ("_act", "_act_value", "_tick")
"""Ends of the ids of what only the page's script touches."""
NAMED = ("sampler", "checkpoint", "upscaler", "vae")
"""Parts of the ids or labels of lists that hold names of files and people."""
_UNREAD = {"table", "script", "style"}
_STATE_ROLES = {"status", "alert"}


def translations(language: str) -> dict[str, str]:
    """Read a translation; `language` is a file name such as `de_DE`.

    Raises:
        InputError: there is none, or it is no flat object of texts.
    """
    file = FOLDER / f"{language}.json"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read ({error}): restore it.") from error
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise InputError(f"{file} must be one object of English to translated texts.")
    return {str(english): str(own) for english, own in found.items()}


def visible_texts(blocks: gr.Blocks) -> set[str]:
    """All fixed texts of a built page: labels, helps, placeholders, buttons, tabs, notes, choices.

    What depends on people, files or the state of a job is no fixed text; nor are choices that are
    names of the trainer's own, which stand for themselves.
    """
    found = {one for part in blocks.blocks.values() for one in _texts(part)}
    return {one.strip() for one in found if any(letter.isalpha() for letter in one)}


def shared_texts() -> set[str]:
    """Sentences and words of panels, and what expert settings say before they are opened."""
    members = inspect.getmembers(text, lambda value: isinstance(value, str))
    found = {value for name, value in members if name.isupper()}
    found |= {word for word, _ in text.STATE_WORDS.values()} | {
        row.words for row in JOB_KINDS.values()
    }
    for option in option_table():
        found |= {option.group, label_text(option), help_text(option)}
    return found


def _texts(part: Any) -> Iterator[str]:
    elem_id = str(getattr(part, "elem_id", None) or "")
    if elem_id.endswith(HIDDEN):
        return
    for name in ("label", "info", "placeholder"):
        value = getattr(part, name, None)
        if isinstance(value, str) and not isinstance(part, gr.HTML):
            yield value
    if isinstance(part, gr.Button):
        yield str(part.value)
    elif isinstance(part, gr.HTML):
        yield from _read(str(part.value or ""))
    told = f"{elem_id} {getattr(part, 'label', '')}".lower()
    if not any(word in told for word in NAMED):
        yield from _choices(part)


def _choices(part: Any) -> Iterator[str]:
    for choice in getattr(part, "choices", None) or []:
        shown = str(choice[0] if isinstance(choice, (tuple, list)) else choice)
        # A single word of a list is a name, of an option or a class; people write it as it is.
        if isinstance(part, gr.Radio) or " " in shown:
            yield shown


class _Reader(HTMLParser):
    """Takes texts out of a note, but not those of tables and of messages about a state."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._closed: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        unread = tag in _UNREAD or dict(attrs).get("role") in _STATE_ROLES
        self._closed.append(unread)

    def handle_endtag(self, tag: str) -> None:
        if self._closed:
            self._closed.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._closed):
            self.found.append(data.strip())


def _read(source: str) -> list[str]:
    reader = _Reader()
    reader.feed(source)
    return reader.found


def differences(texts: set[str], language: str) -> tuple[list[str], list[str]]:
    """What a translation lacks, and what it has that nobody reads."""
    known = translations(language).keys()
    return sorted(texts - known), sorted(known - texts)
