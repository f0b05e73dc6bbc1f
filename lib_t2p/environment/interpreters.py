"""Which Python an environment may be made with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from lib_t2p.errors import SetupError

SUPPORTED = ((3, 10), (3, 11), (3, 12))
"""torch, dlib and gradio 4.40 have wheels for these."""


def check_interpreter(
    version: tuple[int, int] = sys.version_info[:2],
    which: Callable[[str], str | None] = shutil.which,
) -> None:
    """Refuse a Python that the packages have no wheels for.

    Args:
        version: (major, minor).
        which: finds a program on the path.

    Raises:
        SetupError: names another installed Python that fits, when there is one.
    """
    if version in SUPPORTED:
        return
    names = [f"python{major}.{minor}" for major, minor in reversed(SUPPORTED)]
    found = next((name for name in names if which(name)), None)
    advice = (
        f"run it with the one you have: `{found} t2p.py`"
        if found
        else "install one of them from python.org or your system's packages and run t2p.py with it"
    )
    raise SetupError(
        f"Python {version[0]}.{version[1]} is not supported, 3.10 to 3.12 are: {advice}."
    )
