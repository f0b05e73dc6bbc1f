"""Which Python an environment may be made with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from lib_t2p.environment.tags import Tag
from lib_t2p.errors import SetupError

Version = tuple[int, int]
"""(major, minor)."""

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


def version_of(python: Path) -> Version:
    """Ask an interpreter for its version.

    Raises:
        SetupError: it cannot be run.
    """
    program = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(python), "-I", "-c", program],
            check=True,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        ).stdout
        major, minor = answer.split()
        return int(major), int(minor)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise SetupError(
            f"{python} is no Python that can be run ({error}): name another."
        ) from error


def interpreter_for(
    tag: Tag,
    *,
    running: Version = sys.version_info[:2],
    executable: str = sys.executable,
    which: Callable[[str], str | None] = shutil.which,
) -> tuple[Path, Version]:
    """A Python that the packages of a tag have wheels for: the one that runs this, else another.

    Raises:
        SetupError: none is installed; says which to install.
    """
    if running in tag.pythons:
        return Path(executable), running
    for version in reversed(tag.pythons):
        found = which(f"python{dotted(version)}")
        # Version managers leave names on the path behind which there is nothing.
        if found and _is(Path(found), version):
            return Path(found), version
    raise SetupError(f"{unfit(tag, running)}, and no other is installed here: install one of them.")


def check_fit(tag: Tag, version: Version) -> None:
    """Refuse a Python that a tag has no packages for.

    Raises:
        SetupError: names those that it has.
    """
    if version not in tag.pythons:
        raise SetupError(
            f"{unfit(tag, version)}: name another, `t2p.py env build {tag.name} --python PYTHON`."
        )


def unfit(tag: Tag, version: Version) -> str:
    """That a Python is not for a tag, without the end of the sentence."""
    first, last = dotted(tag.pythons[0]), dotted(tag.pythons[-1])
    return (
        f"sd-scripts {tag.name} has packages for Python {first} to {last} and not for "
        f"{dotted(version)}"
    )


def dotted(version: Version) -> str:
    """(3, 11) -> `3.11`."""
    return f"{version[0]}.{version[1]}"


def _is(python: Path, version: Version) -> bool:
    try:
        return version_of(python) == version
    except SetupError:
        return False
