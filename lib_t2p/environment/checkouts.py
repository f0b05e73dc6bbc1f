"""Which sd-scripts lies in a folder, told by its files and not by its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.tags import ENTRY, IDENTITY, TABLE
from lib_t2p.errors import SetupError


@dataclass(frozen=True)
class RecognisedTag:
    """What a checkout is.

    Attributes:
        tag: the nearest of `TAGS`.
        exact: its files are those of the tag; else it is another release of the same line, or was
            changed, and its options may differ.
    """

    tag: str
    exact: bool


def recognise_tag(folder: Path) -> str:
    """The nearest of `TAGS` for a checkout; raises as `recognise`."""
    return recognise(folder).tag


def recognise(folder: Path) -> RecognisedTag:
    """Tell which release a folder holds.

    Raises:
        SetupError: it is no checkout of sd-scripts, is incomplete, or is older than v0.8.7.
    """
    missing = [name for name in IDENTITY if not (folder / name).is_file()]
    if ENTRY in missing:
        raise SetupError(
            f"{folder} is no checkout of sd-scripts: it has no {ENTRY}. Name the folder that "
            "holds that file."
        )
    if missing:
        raise SetupError(
            f"The checkout of sd-scripts in {folder} is not whole, {', '.join(missing)} is "
            "missing: get it again."
        )
    try:
        return _recognise(folder)
    except OSError as error:
        raise SetupError(f"{folder} cannot be read: {error.strerror or error}.") from error


def identity_of(folder: Path) -> str:
    """SHA-256 over the lines of the `IDENTITY` files, so that git's line ends do not matter."""
    digest = hashlib.sha256()
    for name in IDENTITY:
        lines = (folder / name).read_bytes().splitlines()
        digest.update(b"\n".join(lines) + b"\0")
    return digest.hexdigest()


def _recognise(folder: Path) -> RecognisedTag:
    identity = identity_of(folder)
    for tag in TABLE.values():
        if tag.identity == identity:
            return RecognisedTag(tag.name, exact=True)
    return RecognisedTag(_line_of(folder), exact=False)


def _line_of(folder: Path) -> str:
    """The tag of the same line, by the first option or file that each line brought."""
    entry = (folder / ENTRY).read_text(encoding="utf-8", errors="replace")
    library = (folder / "library" / "train_util.py").read_text(encoding="utf-8", errors="replace")
    if (folder / "library" / "strategy_base.py").is_file():
        return "v0.10.1"
    if "--skip_until_initial_step" in entry:
        return "v0.9.1"
    if "--masked_loss" in library:
        return "v0.8.7"
    raise SetupError(
        f"The sd-scripts in {folder} is older than v0.8.7: update it, or let us get one of "
        f"{', '.join(TABLE)}."
    )
