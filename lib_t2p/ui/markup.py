"""Small pieces of HTML; every text that goes in is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Literal

from lib_t2p import actions
from lib_t2p.ui.gradio_versions import file_url

Tone = Literal["info", "good", "warn", "bad", "plain"]
"""Colour of a message or badge; the words must say it as well."""


def message(text: str, tone: Tone = "info") -> str:
    """A box with a sentence, or a list when the text has lines that begin with `- `."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    head = "".join(f"<p>{escape(line)}</p>" for line in lines if not line.startswith("- "))
    items = "".join(f"<li>{escape(line[2:])}</li>" for line in lines if line.startswith("- "))
    role = "alert" if tone in ("bad", "warn") else "status"
    points = f"<ul>{items}</ul>" if items else ""
    return f'<div class="t2p-message t2p-{tone}" role="{role}">{head}{points}</div>'


def empty_state(title: str, what_to_do: str) -> str:
    """What stands where there is nothing yet, and what to do first."""
    return (
        f'<div class="t2p-empty"><strong>{escape(title)}</strong><p>{escape(what_to_do)}</p></div>'
    )


def badge(text: str, tone: Tone) -> str:
    """A word in a coloured pill."""
    return f'<span class="t2p-badge t2p-{tone}">{escape(text)}</span>'


def progress_bar(done: int, total: int, label: str) -> str:
    """A bar with its text beneath; a total of 0 gives a bar that only shows that work goes on."""
    share = min(100.0, 100.0 * done / total) if total > 0 else 0.0
    values = f'aria-valuenow="{share:.0f}" aria-valuemin="0" aria-valuemax="100"'
    moving = "" if total > 0 else " t2p-moving"
    return (
        f'<div class="t2p-bar{moving}" role="progressbar" {values} aria-label="{escape(label)}">'
        f'<i style="width:{share:.1f}%"></i></div><p class="t2p-bar-text">{escape(label)}</p>'
    )


def section(title: str, body: str, note: str = "") -> str:
    """A headed part of a panel; empty when there is no body."""
    if not body:
        return ""
    small = f" <small>{escape(note)}</small>" if note else ""
    return f'<section class="t2p-section"><h4>{escape(title)}{small}</h4>{body}</section>'


def picture_card(url: str, caption: str, *, full_url: str = "", note: str = "") -> str:
    """A picture with a caption; a click opens `full_url`. Without a `url` a box stands in."""
    image = (
        f'<img src="{escape(url)}" alt="{escape(caption)}" loading="lazy">'
        if url
        else '<span class="t2p-no-picture">no preview</span>'
    )
    link = escape(full_url or url)
    framed = f'<a href="{link}" target="_blank" rel="noopener">{image}</a>' if link else image
    small = f"<small>{escape(note)}</small>" if note else ""
    return f"<figure>{framed}<figcaption>{escape(caption)}{small}</figcaption></figure>"


def picture_grid(cards: Iterable[str], elem_id: str) -> str:
    """Cards that flow into as many columns as fit."""
    body = "".join(cards)
    return f'<div class="t2p-pictures" id="{escape(elem_id)}">{body}</div>' if body else ""


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, marked: int = -1) -> str:
    """A table that scrolls sideways when narrow; cells are HTML already, the header is text.

    Args:
        header: column titles.
        rows: cells, escaped by the caller or made by `badge`.
        marked: index of a row to stand out, or -1.
    """
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in header)
    body = "".join(
        f"<tr{' class=t2p-marked' if n == marked else ''}>"
        + "".join(f"<td>{cell}</td>" for cell in row)
        + "</tr>"
        for n, row in enumerate(rows)
    )
    return (
        f'<div class="t2p-scroll"><table class="t2p-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def link(url: str, text: str, elem_id: str) -> str:
    """A link that opens beside this page."""
    return (
        f'<a class="t2p-link" id="{escape(elem_id)}" href="{escape(url)}" target="_blank" '
        f'rel="noopener">{escape(text)}</a>'
    )


TARGETS = ("txt2img", "img2img")


def send_button(
    host: actions.Host, target: str, infotext: str, label: str, elem_id: str = ""
) -> str:
    """A button for a panel; greyed with the reason where the host has no such tab.

    Args:
        host: that has the tab.
        target: one of `TARGETS`.
        infotext: as the WebUI writes it into a picture.
        label: on the button.
        elem_id: of the button; none when empty.
    """
    there = isinstance(host, actions.SendingHost) and target in host.send_to()
    why = "" if there else f"Only inside the WebUI: {host.name} has no {target} tab."
    told = f' disabled title="{escape(why)}"' if why else ""
    named = f' id="{escape(elem_id)}"' if elem_id else ""
    return (
        f'<button type="button" class="t2p-act" data-t2p-send="{target}"{told}{named} '
        f'data-t2p-infotext="{escape(infotext)}">{escape(label)}</button> '
    )


def report_link(page: Path, words: str, elem_id: str) -> str:
    """A link to a written page; empty before it is there."""
    return link(file_url(page), words, elem_id) if page.is_file() else ""
