"""What is known of the sd-scripts that will train: its packages, and its options if no tag."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment import Places, find_sd_scripts, missing_modules, own_options, recognise
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python
from lib_t2p.settings import Need, Settings, needs_of

PREFIX = "sd-scripts-"


@dataclass(frozen=True)
class Installation:
    """What the checks know of it.

    Attributes:
        missing: what settings need and its environment lacks.
        foreign: the environment is one that the person named, and not ours to change.
        folder: of a checkout that is not one of the tags; None for a tag itself.
        options: of that checkout, by name; empty when they cannot be read.
    """

    missing: tuple[Need, ...] = ()
    foreign: bool = False
    folder: Path | None = None
    options: frozenset[str] = frozenset()


def look_at_installation(settings: Settings, trainer: str, family: str) -> Installation:
    """Look at what a trainer's name stands for here.

    Nothing is known of one that is not set up, and that is told when a run is queued.
    """
    if not trainer.startswith(PREFIX):
        return Installation()
    try:
        found = find_sd_scripts(trainer.removeprefix(PREFIX))
    except SetupError:
        return Installation()
    needs = needs_of(settings)
    missing = missing_modules(found.python, found.folder, [need.module for need in needs])
    return Installation(
        tuple(need for need in needs if need.module in missing),
        found.python != venv_python(Places(found.tag).env),
        None if found.exact else found.folder,
        frozenset() if found.exact else own_options(found.folder, family),
    )


def options_of_no_tag(folder: Path, family: str) -> frozenset[str]:
    """Options of a checkout that is not one of the tags; empty for a tag, and when not readable."""
    try:
        return frozenset() if recognise(folder).exact else own_options(folder, family)
    except SetupError:
        return frozenset()
