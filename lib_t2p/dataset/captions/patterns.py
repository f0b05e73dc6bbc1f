"""Regular expressions that people type, with an end.

Some patterns take longer than a person lives (nested repeats that fail at the last letter), and
Python's `re` can be ended only together with its process.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from lib_t2p import platforms
from lib_t2p.errors import InputError

MOST_PATTERN = 200
"""Letters of a pattern."""
LIMIT = 5.0
"""Seconds for all captions; a usual pattern takes a hundredth of one."""
_PROGRAM = Path(__file__).with_name("pattern_process.py")


def check_pattern(pattern: str, by: str) -> None:
    """Raise `InputError` when a pattern is none, or `by` cannot take the place of its matches."""
    if len(pattern) > MOST_PATTERN:
        raise InputError(f"The pattern is longer than {MOST_PATTERN} letters: shorten it.")
    try:
        _compiled(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"{pattern!r} is no regular expression ({error}): mend it, or replace plain text."
        ) from error
    try:
        # A wrong group number in `by` would only show at the first match.
        _compiled(f"{pattern}|").sub(by, "")
    except (re.error, IndexError, OverflowError) as error:
        raise InputError(
            f"{by!r} cannot take the place of what {pattern!r} finds ({error}): write "
            "\\\\ for a backslash, and \\1 only where the pattern has a group."
        ) from error


def replace_pattern(
    pattern: str, by: str, texts: Sequence[str], seconds: float = LIMIT
) -> list[str]:
    """The texts with all matches replaced.

    Args:
        pattern, by: as of Python's `re.sub`.
        texts: in any number.
        seconds: for all of them together.

    Raises:
        InputError: the pattern is none, or takes longer than that.
    """
    check_pattern(pattern, by)
    if not texts:
        return []
    asked = json.dumps({"pattern": pattern, "by": by, "texts": list(texts)})
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(_PROGRAM)],
            input=asked.encode("ascii"),
            capture_output=True,
            timeout=seconds,
            check=True,
            **platforms.own_group_options(),
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"The pattern {pattern!r} took longer than {seconds:g} s, so nothing was changed: "
            "write it without a repeat inside a repeat, or replace plain text."
        ) from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(
            f"The pattern {pattern!r} could not be tried ({error}): replace plain text instead."
        ) from error
    return [str(text) for text in json.loads(done.stdout)]


def _compiled(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern)
