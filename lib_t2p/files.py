"""Writing files so that a crash or a full disk never leaves half of one."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lib_t2p.errors import InputError, NewerSchemaError, WorkspaceError
from lib_t2p.json_io import has_half_letter, json_text

PARTIAL = ".part"
"""Suffix of a file that is still being written; such a file is never trusted."""

_BYTES = 120
"""Of a folder's name, since paths on Windows are short and letters of many scripts take several."""
_ENDING = 16
"""Letters kept free for an ending, so that all short ones leave the same beginning."""
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)),
}


ODD_PARTS = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
"""What parts of a record raise that are not what they should be: of another type, too large."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; rename it into place when the block succeeds.

    Raises:
        WorkspaceError: the disk is full or the folder may not be written.
    """
    partial = path.with_name(path.name + PARTIAL)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        os.replace(partial, path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise WorkspaceError(_sentence(path, error)) from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole.

    Raises:
        InputError: the text holds a lone surrogate, which no file of UTF-8 can.
        WorkspaceError: as `whole_file` does.
    """
    if has_half_letter(text):
        raise InputError(f"{path.name} cannot be written: its text holds half a letter (U+D800).")
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes whole; raises `WorkspaceError` as `whole_file` does."""
    with whole_file(path) as partial:
        partial.write_bytes(data)


def write_record(path: Path, schema: int, record: Mapping[str, Any]) -> None:
    """Write a JSON object with its schema version under the key `schema`; NaN becomes null."""
    body = {"schema": schema, **record}
    write_text(path, json_text(body, ensure_ascii=False, indent=1, sort_keys=False) + "\n")


def read_record(path: Path, schema: int) -> dict[str, Any]:
    """Read a JSON object written by `write_record`.

    Raises:
        WorkspaceError: missing, unreadable, or no JSON object.
        NewerSchemaError: its schema version is above `schema`.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # 5000 digits are a ValueError too
        raise WorkspaceError(f"{path} cannot be read: {error}.") from error
    if not isinstance(record, dict) or not isinstance(record.get("schema"), int):
        raise WorkspaceError(f"{path} is no record of Text to Person: set it aside and try again.")
    if record["schema"] > schema:
        raise NewerSchemaError(
            f"{path} was written by a newer Text to Person (schema {record['schema']}, this one "
            f"knows {schema}): update the extension."
        )
    return record


def is_intact(path: Path, schema: int) -> bool:
    """Whether a record that holds nothing but its schema is there; a damaged one is set aside.

    Raises:
        NewerSchemaError: its schema version is above `schema`.
    """
    if not path.exists():
        return False
    try:
        read_record(path, schema)
    except NewerSchemaError:
        raise
    except (WorkspaceError, ValueError):
        with suppress(OSError):
            path.replace(path.with_name(f"{path.name}.damaged"))
        return False
    return True


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or the one that it came from, says that nothing more fits on the disk."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    while error is not None:
        if isinstance(error, OSError) and error.errno in full:
            return True
        error = error.__cause__
    return False


def slug(name: str, limit: int = 60) -> str:
    """Turn a typed name into a folder name: letters of any script, digits, `-` and `_`.

    Raises:
        WorkspaceError: nothing usable is left of the name.
    """
    folded = unicodedata.normalize("NFKC", name).strip().lower()
    safe = re.sub(r"[^\w-]+", "-", folded).strip("-_")[:limit].strip("-_")
    while len(safe.encode("utf-8")) > _BYTES:
        safe = safe[:-1]
    if not safe:
        raise WorkspaceError(f"The name {name!r} has no letter or digit: type another one.")
    return f"{safe}-1" if safe in _RESERVED else safe


def slug_ending(name: str, ending: str, limit: int = 60) -> str:
    """The folder name of `name ending`, which keeps its ending however long the name is.

    Raises:
        WorkspaceError: nothing usable is left of one of the two.
    """
    head, tail = slug(name), slug(ending)
    whole = slug(f"{name} {ending}", limit)
    if whole == f"{head}-{tail}":
        return whole
    # Two long names may begin alike.
    mark = hashlib.sha256(head.encode("utf-8")).hexdigest()[:8]
    room = limit - max(len(tail), _ENDING) - len(mark) - 2
    while len(f"{head[:room]}-{mark}-{tail}".encode()) > _BYTES:
        room -= 1
    return slug(f"{head[:room]}-{mark}-{tail}", limit)


def _sentence(path: Path, error: OSError) -> str:
    if is_disk_full(error):
        return f"The disk is full: {path} was not written. Free some space, then try again."
    if isinstance(error, PermissionError) or error.errno in (errno.EACCES, errno.EROFS):
        return f"No permission to write {path}: choose another folder or change its rights."
    return f"{path} could not be written: {error.strerror or error}."
