"""How far each tag of sd-scripts is set up, told in a moment: for lists and buttons."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lib_t2p.environment.definitions import ROOT
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.sd_scripts import find_sd_scripts
from lib_t2p.environment.tags import TAGS
from lib_t2p.errors import SetupError

State = Literal["ready", "incomplete", "missing"]


@dataclass(frozen=True)
class TagState:
    """One tag.

    Attributes:
        tag: its name.
        state: `incomplete` asks for a repair, `missing` for being set up.
        text: where it is, or what to do.
    """

    tag: str
    state: State
    text: str


def tag_state(tag: str, *, root: Path = ROOT, environ: Mapping[str, str] = os.environ) -> TagState:
    """Look at one tag; reads a few files and runs nothing."""
    try:
        found = find_sd_scripts(tag, root=root, environ=environ)
    except SetupError as error:
        places = Places(tag, root)
        begun = places.env.exists() or places.checkout.exists()
        return TagState(tag, "incomplete" if begun else "missing", str(error))
    return TagState(tag, "ready", f"{found.folder} with {found.python}")


def tag_states(root: Path = ROOT, environ: Mapping[str, str] = os.environ) -> list[TagState]:
    """Look at every tag, oldest first."""
    return [tag_state(tag, root=root, environ=environ) for tag in TAGS]
