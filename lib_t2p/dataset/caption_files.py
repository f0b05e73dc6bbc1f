"""Captions that lie beside photos, as kohya's tools keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from lib_t2p.dataset.captions.book import MOST_LETTERS, read_captions, write_captions
from lib_t2p.dataset.captions.template import check_places
from lib_t2p.dataset.found import Found, Listing
from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.jobs.reporter import Reporter
from lib_t2p.workspace import PersonFolder

MOST_BYTES = 64 << 10
"""Longer files are no captions."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def caption_of(data: bytes) -> str:
    """The text of a caption file in one line; empty when it is none.

    UTF-8 and UTF-16 by their marks, else UTF-8, else Windows' western letters (cp1252).
    """
    if len(data) > MOST_BYTES:
        return ""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    for encoding in (marked or "utf-8", "cp1252"):
        try:
            text = " ".join(data.decode(encoding).split())
        except UnicodeError:
            continue
        return "" if "\0" in text else text
    return ""


def give_captions(listing: Listing, texts: Mapping[str, tuple[str, str]]) -> None:
    """Put captions to the photos they belong to; what belongs to none is passed over.

    Args:
        listing: photos that were found; changed.
        texts: by path without its ending, see `Found.beside`: the file's name and its text.
    """
    used = set()
    for number, one in enumerate(listing.found):
        if isinstance(one, Found) and texts.get(one.beside, ("", ""))[1]:
            used.add(one.beside)
            listing.found[number] = replace(one, caption=texts[one.beside][1])
    listing.passed += [name for stem, (name, _) in texts.items() if stem not in used]


def stem_of(source: str | Path) -> str:
    """A path without its ending: what a photo and its caption have in common."""
    path = PurePosixPath(str(source).replace("\\", "/"))
    return str(path.with_suffix("")) if path.name else ""


def write_imported(person: PersonFolder, found: Mapping[str, str], reporter: Reporter) -> int:
    """Put captions into the person's book where a photo has none of its own; gives how many.

    What is not taken is told: captions that are too long, have braces, or differ from the
    person's own, which stays.
    """
    try:
        book = read_captions(person)
        new, kept = {}, []
        for photo, text in found.items():
            if fault := _fault(photo, text):
                reporter.warning(fault)
            elif photo not in book.own:
                new[photo] = text
            elif book.own[photo] != text:
                kept.append(photo)
        if new:
            write_captions(person, book.changed(new, "import captions"))
    except (WorkspaceError, InputError) as error:
        reporter.warning(f"The captions beside the photos were not taken: {error}")
        return 0
    if kept:
        reporter.warning(
            f"{_named(kept)}: the caption that you wrote stays; the one beside the photo differs."
        )
    return len(new)


def _fault(photo: str, text: str) -> str:
    if len(text) > MOST_LETTERS:
        return (
            f"The caption beside {photo} has {len(text)} letters, {MOST_LETTERS} are the most: "
            "it was not taken."
        )
    try:
        check_places(text)
    except InputError as error:
        return f"The caption beside {photo} was not taken. {error}"
    return ""


def _named(photos: Iterable[str]) -> str:
    names = list(photos)
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
