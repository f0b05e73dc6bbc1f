"""How captions and their changes are shown."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lib_t2p.actions import photos as photo_actions
from lib_t2p.ui.dataset.pictures import preview_url
from lib_t2p.ui.markup import badge, empty_state, message, section, table
from lib_t2p.ui.text import counted
from lib_t2p.workspace import PersonFolder

PAGE = 40
"""Captions of a page."""
FOLDER_NAME = "(the folder name)"


def captions_panel(
    person: PersonFolder, lines: Sequence[photo_actions.CaptionLine], page: int
) -> str:
    """One page of captions as the trainer will read them, with their tokens."""
    if not lines:
        return empty_state("No photos to caption", "Look at the photos first; those used appear.")
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 1), pages)
    rows = [_row(person, line) for line in lines[(page - 1) * PAGE : page * PAGE]]
    long = sum(_is_long(line) for line in lines)
    warned = (
        message(
            f"{counted(long, 'caption')} above {photo_actions.LIMIT} tokens: the trainer cuts off "
            "the rest, unless max_token_length is 150 or 225.",
            "warn",
        )
        if long
        else ""
    )
    note = f"page {page} of {pages}" if pages > 1 else counted(len(lines), "photo")
    body = table(["", "Photo", "Caption", "Tokens"], rows)
    return warned + section("Captions as the trainer reads them", body, note)


def changes_panel(changes: Sequence[photo_actions.Change], done: bool) -> str:
    """What an edit changes, or has changed."""
    if not changes:
        return message("Nothing changes: no caption fits.", "info")
    rows = [
        [_name(c.photo), _wide(c.before or FOLDER_NAME), _wide(c.after or FOLDER_NAME)]
        for c in changes[:PAGE]
    ]
    word = "changed" if done else "would change"
    more = f", the first {PAGE} are shown" if len(changes) > PAGE else ""
    head = message(f"{counted(len(changes), 'caption')} {word}{more}.", "good" if done else "info")
    return head + table(["Photo", "Before", "After"], rows)


def _row(person: PersonFolder, line: photo_actions.CaptionLine) -> list[str]:
    url = preview_url(person, line.photo)
    picture = f'<img class="t2p-small" src="{escape(url)}" alt="" loading="lazy">' if url else ""
    tokens = "?" if line.tokens is None else str(line.tokens)
    count = badge(tokens, "bad") if _is_long(line) else escape(tokens)
    return [picture, _name(line.photo), _wide(line.filled or FOLDER_NAME), count]


def _name(photo: str) -> str:
    """A name that is broken where it must, so that a long one leaves room for the caption."""
    return f'<span class="t2p-name" title="{escape(photo)}">{escape(photo)}</span>'


def _wide(caption: str) -> str:
    return f'<div class="t2p-words">{escape(caption)}</div>'


def _is_long(line: photo_actions.CaptionLine) -> bool:
    return line.tokens is not None and line.tokens > photo_actions.LIMIT
