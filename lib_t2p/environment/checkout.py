"""Gets a tag of sd-scripts by git, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from lib_t2p.environment.checkouts import recognise
from lib_t2p.environment.commands import Runner
from lib_t2p.environment.definitions import ROOT
from lib_t2p.environment.repairing import remove_tree
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.tags import SOURCE, Tag
from lib_t2p.errors import SetupError
from lib_t2p.files import PARTIAL
from lib_t2p.platforms import exclusive_lock

Which = Callable[[str], str | None]
"""Finds a program on the path."""


def is_whole(folder: Path, tag: Tag) -> bool:
    """Whether a folder holds exactly this tag."""
    if not folder.is_dir():
        return False
    try:
        found = recognise(folder)
    except SetupError:
        return False
    return found.exact and found.tag == tag.name


def get_checkout(
    tag: Tag,
    run: Runner,
    on_line: Callable[[str], None],
    *,
    root: Path = ROOT,
    source: str = SOURCE,
    which: Which = shutil.which,
) -> Path:
    """Clone a tag beside its environment, unless it is there whole.

    Args:
        tag: which.
        run: runs git.
        on_line: is given what git prints.
        root: holds `.envs/`.
        source: an address or folder that git can clone.
        which: finds git.

    Returns:
        The checkout.

    Raises:
        SetupError: git is missing, the source is out of reach, or what came is not the tag; says
            what to put where.
    """
    folder = Places(tag.name, root).checkout
    if is_whole(folder, tag):
        return folder
    git = which("git")
    if git is None:
        raise SetupError(
            f"git is not installed, so sd-scripts {tag.name} cannot be fetched: install git, or "
            f"{_by_hand(tag, folder, source)}"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with exclusive_lock(folder.with_name(folder.name + ".lock"), inheritable=True):
        # Another start may have fetched it while this one waited.
        if not is_whole(folder, tag):
            _fetch(git, tag, source, folder, run, on_line)
    return folder


def _fetch(
    git: str, tag: Tag, source: str, folder: Path, run: Runner, on_line: Callable[[str], None]
) -> None:
    partial = folder.with_name(folder.name + PARTIAL)
    remove_tree(partial)
    _clone(git, tag, source, partial, run, on_line)
    _check(partial, tag, source)
    if folder.exists():
        # It may have been changed by hand.
        old = folder.with_name(folder.name + ".old")
        remove_tree(old)
        folder.rename(old)
    partial.rename(folder)


def _clone(
    git: str, tag: Tag, source: str, folder: Path, run: Runner, on_line: Callable[[str], None]
) -> None:
    said: list[str] = []

    def note(line: str) -> None:
        said.append(line.strip())
        on_line(line)

    argv = [git, "-c", "advice.detachedHead=false", "-c", "core.longpaths=true"]
    argv += ["clone", "--depth", "1", "--branch", tag.name, "--", source, str(folder)]
    if run(argv, note) != 0:
        target = folder.with_name(folder.name.removesuffix(PARTIAL))
        raise SetupError(
            f"sd-scripts {tag.name} could not be fetched from {source}: {_reason(said)}. Run the "
            f"same again when you are online, or {_by_hand(tag, target, source)}"
        )


def _check(folder: Path, tag: Tag, source: str) -> None:
    if is_whole(folder, tag):
        return
    remove_tree(folder)
    raise SetupError(
        f"What {source} gave as {tag.name} is not the sd-scripts {tag.name} that we know: nothing "
        "was kept. Name a checkout that you trust in T2P_SD_SCRIPTS."
    )


def _by_hand(tag: Tag, folder: Path, source: str) -> str:
    page = source.removesuffix(".git")
    return (
        f"put the content of {page}/archive/refs/tags/{tag.name}.zip into {folder} (so that it "
        "holds train_network.py), or name a folder that has it in T2P_SD_SCRIPTS."
    )


def _reason(lines: list[str]) -> str:
    faults = [line for line in lines if line.lower().startswith(("fatal:", "error:"))]
    last = (faults or lines or ["git ended with an error"])[-1]
    return last.partition(":")[2].strip().rstrip(".") or last
