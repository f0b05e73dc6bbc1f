"""A look at the parts of an upload while they pass: only files, with names of a sane length.

gradio and starlette keep what is no file in memory, however large it is (CVE-2024-47874).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

MOST_HEADERS = 8192
"""Bytes of all headers of one part."""

MOST_BOUNDARY = 200
"""Letters between two parts; browsers take about 40."""

MOST_PARTS = 1000
"""Files of one upload, as many as gradio sends at once."""


class PartWatch:
    """Reads along.

    Args:
        headers: of the request, names in lower case.

    Attributes:
        fault: what is wrong, in a sentence; else empty.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.fault = ""
        self._parts = 0
        self._head = 0
        self._name, self._value, self._disposition = b"", b"", b""
        self._options: Any = None
        self._parser = self._made(headers.get("content-type", ""))

    def fault_in(self, piece: bytes) -> str:
        """What is wrong with the body up to and with this piece, in a sentence; else empty."""
        if not self.fault and self._parser is not None and piece:
            try:
                self._parser.write(piece)
            except ValueError as error:
                self.fault = self.fault or f"The upload is no multipart form: {error}."
        return self.fault

    def _made(self, told: str) -> Any:
        multipart = _library()
        self._options = multipart.parse_options_header
        kind, options = multipart.parse_options_header(told)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= MOST_BOUNDARY:
            self.fault = "An upload is a multipart form with a boundary of at most 200 letters."
            return None
        return multipart.MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._add_name,
                "on_header_value": self._add_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._look,
            },
        )

    def _begin(self) -> None:
        self._head, self._disposition = 0, b""
        self._parts += 1
        if self._parts > MOST_PARTS:
            self._fail(f"The upload has more than {MOST_PARTS} files: send them in several.")

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._name += self._counted(data, start, end)

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += self._counted(data, start, end)

    def _counted(self, data: bytes, start: int, end: int) -> bytes:
        self._head += end - start
        if self._head > MOST_HEADERS:
            self._fail("The head of a file in the upload is larger than 8 kB.")
        return data[start:end]

    def _end_header(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name, self._value = b"", b""

    def _look(self) -> None:
        _, options = self._options(self._disposition)
        if b"filename" not in options or b"name" not in options:
            self._fail("The upload has a part that is no file.")

    def _fail(self, sentence: str) -> None:
        self.fault = sentence
        raise ValueError(sentence)


def _library() -> Any:
    try:
        return importlib.import_module("python_multipart.multipart")
    except ImportError:
        # Up to 0.0.12 it had the name of another package.
        return importlib.import_module("multipart.multipart")
