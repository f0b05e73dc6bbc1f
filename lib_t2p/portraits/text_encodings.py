"""Text files that people wrote with any editor, read as what they are."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from lib_t2p.errors import InputError

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
