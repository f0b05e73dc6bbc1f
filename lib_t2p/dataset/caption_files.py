"""Captions that lie beside photos, as kohya's tools keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from lib_t2p.dataset.captions.book import MOST_LETTERS, read_captions, write_captions
from lib_t2p.dataset.captions.template import check_places
from lib_t2p.dataset.found import Found, Listing
from lib_t2p.errors import InputError, WorkspaceError
from lib_t2p.jobs.events import Reporter
from lib_t2p.workspace import PersonFolder

MOST_BYTES = 64 << 10
"""Longer files are no captions."""
_PATH = "path "
"""Begins keys that are whole paths."""
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


class TextsBeside:
    """Caption files that were found, by the paths of photos that they may belong to."""

    def __init__(self) -> None:
        self._texts: list[tuple[str, str]] = []
        self._by_key: dict[str, list[int]] = {}

    def add(self, name: str, path: str | Path, text: str, *, is_named: bool = False) -> None:
        """Keep one file's text; `is_named`: it was pointed at itself."""
        self._texts.append((name, text))
        for key in keys_of(path, is_named=is_named)[::2]:
            self._by_key.setdefault(key, []).append(len(self._texts) - 1)

    def give(self, listing: Listing) -> None:
        """Put captions to their photos; what belongs to none is passed over."""
        used = set()
        for number, one in enumerate(listing.found):
            found = self._of(one.beside) if isinstance(one, Found) else None
            if found is not None and isinstance(one, Found):
                used.add(found)
                listing.found[number] = replace(one, caption=self._texts[found][1])
        listing.passed += [name for n, (name, _) in enumerate(self._texts) if n not in used]

    def _of(self, keys: Sequence[str]) -> int | None:
        for key in keys:
            found = [n for n in self._by_key.get(key, ()) if self._texts[n][1]]
            # `.txt` is what kohya's tools write, `.caption` what they read by default.
            found.sort(key=lambda n: not self._texts[n][0].lower().endswith(".txt"))
            is_sure = key.startswith(_PATH) or len({self._texts[n][1] for n in found}) == 1
            if found and is_sure:
                return found[0]
        return None


def keys_of(path: str | Path, *, is_named: bool = False) -> tuple[str, ...]:
    """What a photo may have in common with its caption: its path without the ending, and with it.

    `a.txt` and `a.jpg.txt` both belong to `a.jpg`. Files that were named themselves may come from
    folders of their own each, as uploads do: there the name alone is looked at last.
    """
    whole = _slashed(path)
    plain = PurePosixPath(whole)
    stem = str(plain.with_suffix("")) if plain.name else ""
    keys = (f"{_PATH}{stem}", f"{_PATH}{whole}")
    return (*keys, PurePosixPath(stem).name, plain.name) if is_named else keys


def _slashed(path: str | Path) -> str:
    return str(path).replace("\\", "/")


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
