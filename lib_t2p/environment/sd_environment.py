"""The environment of each sd-scripts tag: its folder, its checkout, its requirement files."""

from __future__ import annotations

from pathlib import Path

from lib_t2p.environment.definitions import ROOT, Environment, Stage
from lib_t2p.environment.tags import tag_named

NO_DEPS = ("--no-deps",)
"""The files pin everything, and torch may be borrowed: pip must not bring another."""


def environment_of(tag: str) -> Environment:
    """What is installed for a tag beside torch."""
    name = f"sd-scripts-{tag_named(tag).name}"
    return Environment(name, name, (Stage(f"the packages of {name}", f"{name}.txt", NO_DEPS),))


def checkout_folder(tag: str, root: Path = ROOT) -> Path:
    """Where our own checkout of a tag lies."""
    return root / ".envs" / "checkouts" / f"sd-scripts-{tag_named(tag).name}"
