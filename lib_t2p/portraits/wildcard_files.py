"""Wildcard files for the dynamicprompts library: read in any encoding, each for itself.

The library reads UTF-8 alone, leaves out bytes that are none, and drops lines that begin with `#`.
Runs in the worker's environment only.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dynamicprompts.wildcards import WildcardManager
from dynamicprompts.wildcards.collection import WildcardCollection
from dynamicprompts.wildcards.collection.structured import parse_structured_file
from dynamicprompts.wildcards.item import WildcardItem
from dynamicprompts.wildcards.values import WildcardValues
from yaml import YAMLError  # type: ignore[import-untyped]

from lib_t2p.errors import InputError
from lib_t2p.portraits.plain_signs import plain_name, protected, protected_signs

MOST_BYTES = 64_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    # Begins as UTF-16's does.
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_HIGH = re.compile(r"[^\x00-\x7f]")
_HIGH_RUN = re.compile(r"[^\x00-\x7f]{4}")
_MOST_HIGH = 0.3
"""Share of letters beyond ASCII above which a text is hardly of a Western language."""


def read_text_file(path: Path) -> tuple[str, str]:
    """Read a text file in UTF-8, UTF-16, UTF-32 or Windows-1252.

    Args:
        path: of the file.

    Returns:
        its text without a mark and with plain line ends, and a sentence when its encoding was a
        guess; empty otherwise.

    Raises:
        InputError: it cannot be read, is no text, or is in an encoding that cannot be told.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(
                f"{path} has more than {MOST_BYTES // 1_000_000} MB: split it into smaller files."
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    text, note = _decoded(path, data)
    if "\0" in text:
        raise InputError(f"{path} is no text file, it holds null characters: save it as UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    for mark, codec, title in _MARKS:
        if data.startswith(mark):
            return _strict(path, data, codec, title), ""
    if wide := _wide(data):
        return _strict(path, data, wide, "UTF-16"), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _western(path, data)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain letters is zero."""
    if len(data) < 2 or len(data) % 2 or b"\0" not in data:
        return ""
    even, odd = data[::2].count(0), data[1::2].count(0)
    half = len(data) // 4
    if odd > half and even < odd // 8 + 1:
        return "utf-16-le"
    return "utf-16-be" if even > half and odd < even // 8 + 1 else ""


def _strict(path: Path, data: bytes, codec: str, title: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} begins as a text in {title} and is damaged at byte {error.start}: save it as "
            "UTF-8."
        ) from error


def _western(path: Path, data: bytes) -> tuple[str, str]:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    letters = sum(not c.isspace() for c in text)
    if not text or _HIGH_RUN.search(text) or len(_HIGH.findall(text)) > _MOST_HIGH * letters:
        raise InputError(
            f"{path} is neither in UTF-8 nor in Windows-1252, and its encoding cannot be told: "
            "save it as UTF-8."
        )
    return text, f"{path} is not in UTF-8 and was read as Windows-1252: save it as UTF-8."


MOST_LOOKS = 2_000
"""Wildcards that one prompt may look up, those within wildcards counted."""
_REMARK = re.compile(r"#(?:[\s#]|$)")
"""A line that is a remark: `#` and a blank; `#selfie` is text."""
_UNREADABLE = (YAMLError, OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What parsing a JSON or YAML file raises."""
_STRUCTURED = (".json", ".yaml")


class WildcardFile(WildcardCollection):
    """A file with one entry a line.

    Attributes:
        fault: why it cannot be read; empty when it can, or was not read yet.
        notes: sentences on what was not taken as it stands there.

    Args:
        path: of the file.
        fills: what stands for names in braces, such as `{trigger}`.
    """

    def __init__(self, path: Path, fills: Mapping[str, str]) -> None:
        self.fault = ""
        self.notes: list[str] = []
        self._path, self._fills = path, fills
        self._values: list[str] | None = None

    def get_values(self) -> Sequence[str]:
        """Its entries; none when it cannot be read, which then is its fault."""
        if self._values is None:
            self._values = self._read()
        return self._values

    def _read(self) -> list[str]:
        try:
            text, note = read_text_file(self._path)
        except InputError as error:
            self.fault = str(error)
            return []
        lines = [line.strip() for line in text.split("\n")]
        remarks = sum(bool(_REMARK.match(line)) for line in lines)
        if note:
            self.notes.append(note)
        if remarks:
            told = "1 line is a remark" if remarks == 1 else f"{remarks} lines are remarks"
            self.notes.append(f"{self._path}: {told} (`#` and a blank) and is not used.")
        kept = [line for line in lines if line and not _REMARK.match(line)]
        return [protected(line, self._fills) for line in kept]


class _Entries(WildcardCollection):
    """Part of a JSON or YAML file."""

    def __init__(self, inner: WildcardCollection, fills: Mapping[str, str]) -> None:
        self._inner, self._fills = inner, fills

    def get_values(self) -> Sequence[str | WildcardItem]:
        """Its entries, as the library reads them."""
        return [self._entry(value) for value in self._inner.get_values()]

    def _entry(self, value: str | WildcardItem) -> str | WildcardItem:
        if isinstance(value, WildcardItem):
            return WildcardItem(protected(value.content, self._fills), value.weight)
        return protected(value, self._fills)


class Wildcards(WildcardManager):
    """The wildcards of several folders.

    Args:
        roots: of files with the same name the first folder's is taken.
        fills: what stands for names in braces.
        quiet: folders whose remarks nobody needs to hear of.
    """

    def __init__(
        self, roots: Sequence[Path], fills: Mapping[str, str], quiet: Sequence[Path] = ()
    ) -> None:
        self._faults: dict[str, None] = {}
        self._files: dict[str, WildcardFile] = {}
        self._quiet = [root.resolve() for root in quiet]
        self._looks = 0
        found: dict[str, WildcardCollection | list[str]] = {}
        for root in reversed(roots):
            for path in _files(root) if root.is_dir() else ():
                found |= dict(self._collections(path, root, fills))
        super().__init__(root_map={"": [found]})

    def begin(self) -> None:
        """Begin another prompt, whose look-ups are counted anew."""
        self._looks = 0

    def get_values(self, wildcard: str) -> WildcardValues:
        """All entries of the files that a name or pattern stands for.

        Raises:
            InputError: it stands for files that cannot be read only, or the prompt looks up too
                many.
        """
        wildcard = plain_name(wildcard)
        self._looks += 1
        if self._looks > MOST_LOOKS:
            raise InputError(
                f"The prompt looks up more than {MOST_LOOKS} wildcards: change the files that name "
                "each other."
            )
        values = super().get_values(wildcard)
        if len(values) == 0:
            matched = [*self.match_collections(wildcard), *self.match_collections(f"**/{wildcard}")]
            for one in matched:
                if isinstance(one, WildcardFile) and one.fault:
                    raise InputError(one.fault)
        return values

    def told(self) -> list[str]:
        """Sentences on files that cannot be read, or were asked for and not taken as they are."""
        found = dict(self._faults)
        for file in self._files.values():
            found |= dict.fromkeys([file.fault] if file.fault else file.notes)
        return list(found)

    def _collections(
        self, path: Path, root: Path, fills: Mapping[str, str]
    ) -> Iterator[tuple[str, WildcardCollection]]:
        name = path.relative_to(root).with_suffix("").as_posix()
        if path.suffix.lower() == ".txt":
            file = WildcardFile(path, fills)
            if root.resolve() not in self._quiet:
                self._files[str(path)] = file
            yield protected_signs(name), file
            return
        folder = path.relative_to(root).parent.as_posix()
        prefix = "" if folder == "." else f"{folder}/"
        try:
            parsed = list(parse_structured_file(path))
        except _UNREADABLE as error:
            self._faults[
                f"{path} cannot be read as wildcards ({type(error).__name__}): save it as UTF-8 "
                "and look at its commas and indents."
            ] = None
            return
        for inner_name, inner in parsed:
            yield protected_signs(f"{prefix}{inner_name}"), _Entries(inner, fills)


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in (".txt", *_STRUCTURED):
                yield Path(folder, name)
