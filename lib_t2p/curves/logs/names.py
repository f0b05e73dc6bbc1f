"""Names of folders that people gave to their runs."""

from __future__ import annotations

import re

_DATE = re.compile(r"_\d{1,2}\.\d{1,2}(\.\d{2,4})?$")
"""The guide tells repeats of one setting apart by their day, such as `192_13.08`."""


def without_date(name: str) -> str:
    """`192_13.08` -> `192`; other names stay."""
    return _DATE.sub("", name)


def natural_key(path: str) -> list[tuple[bool, int, str]]:
    """Sorts 32, 64, 128 by number."""
    parts = re.split(r"(\d+)", path.casefold())
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
