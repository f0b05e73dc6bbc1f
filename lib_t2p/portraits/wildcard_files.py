"""Wildcard files for the dynamicprompts library: read in any encoding, each for itself.

The library reads UTF-8 alone, leaves out bytes that are none, and drops lines that begin with `#`.
Runs in the worker's environment only.
"""

from __future__ import annotations

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
from lib_t2p.portraits.text_encodings import read_text_file

MOST_LOOKS = 10_000
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
