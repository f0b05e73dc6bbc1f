"""Gets and builds all that a tag of sd-scripts needs, after saying what that is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from lib_t2p.environment.borrowing import borrow, borrowed, give_back
from lib_t2p.environment.builder import Builder, Note, SetUpProgress, write_line
from lib_t2p.environment.checkout import Which, get_checkout
from lib_t2p.environment.commands import Runner, run_program
from lib_t2p.environment.definitions import Paths
from lib_t2p.environment.lenders import places
from lib_t2p.environment.operators import settle_torchvision
from lib_t2p.environment.planning import check_room
from lib_t2p.environment.repairing import remove_tree, site_packages
from lib_t2p.environment.sd_environment import Places, environment_of
from lib_t2p.environment.sd_scripts import SdScripts, find_sd_scripts
from lib_t2p.environment.set_up_choices import (
    SetUpChoice,
    Wish,
    choose,
    foreign,
    is_as_chosen,
    kept,
    torch_words,
)
from lib_t2p.environment.tags import SOURCE

ENDINGS = (".dist-info", ".egg-info", ".egg-link", ".pth")
"""What an installation adds or renames; a version stands in the name."""


@dataclass(frozen=True)
class Snapshot:
    """Packages of other environments at one moment.

    Attributes:
        packages: names with versions, by folder of packages.
    """

    packages: Mapping[Path, tuple[str, ...]]

    def lines(self) -> list[str]:
        """One line a package, for the log."""
        return [f"{folder}: {name}" for folder, names in self.packages.items() for name in names]

    def differences(self, later: Snapshot) -> list[str]:
        """What was added and what is gone, one sentence each."""
        found = []
        for folder, names in self.packages.items():
            before, after = set(names), set(later.packages.get(folder, ()))
            found += [f"{name} was added to {folder}" for name in sorted(after - before)]
            found += [f"{name} is gone from {folder}" for name in sorted(before - after)]
        return found

    def count(self) -> int:
        """How many packages there are."""
        return sum(len(names) for names in self.packages.values())


def folders_of_others(root: Path, lenders: Iterable[Path] = ()) -> list[Path]:
    """The package folders that must not change: the WebUI's, the lender's, and what runs this.

    Args:
        root: holds `.envs/`; what lies in there is ours.
        lenders: further folders of packages.
    """
    environments = [*places(root), Path(sys.prefix)]
    found = [folder for env in environments for folder in site_packages(env)]
    ours = (root / ".envs").resolve()
    watched = [folder.resolve() for folder in (*found, *lenders)]
    return [folder for folder in dict.fromkeys(watched) if ours not in folder.parents]


def snapshot(folders: Iterable[Path]) -> Snapshot:
    """List what is installed in folders of packages."""
    return Snapshot({folder: tuple(_names(folder)) for folder in folders})


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if entry.suffix in ENDINGS)


@dataclass(frozen=True)
class SdBuilder:
    """Builds environments of sd-scripts.

    Attributes:
        progress: is told each step.
        run: runs git, venv, pip and the new environment's Python.
        source: what a checkout is cloned from.
        which: finds git.
        free_bytes: gives the free room of a folder.
        builder: does the installing; its interpreter is replaced by the chosen one.
    """

    progress: SetUpProgress = field(default_factory=SetUpProgress)
    run: Runner = run_program
    source: str = SOURCE
    which: Which = shutil.which
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
    builder: Builder = field(default_factory=Builder)

    def ensure(self, wish: Wish) -> SdScripts:
        """Make the sd-scripts of a tag ready, from what is there.

        Raises:
            SetupError: says what could not be had and how to go on; what was got stays.
        """
        theirs = foreign(wish)
        if theirs:
            return theirs
        wish = kept(wish)
        choice = choose(wish)
        check_room(choice, wish, self.free_bytes(wish.root))
        others = folders_of_others(wish.root, [choice.lender.folder] if choice.lender else [])
        before = snapshot(others)
        log = Places(choice.tag.name, wish.root).paths().log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            try:
                self._checkout(choice, wish, file)
                self._environment(choice, wish)
            finally:
                self._compare(before, snapshot(others), file)
        return find_sd_scripts(choice.tag.name, root=wish.root, environ=wish.environ)

    def _checkout(self, choice: SetUpChoice, wish: Wish, log: TextIO) -> None:
        if choice.checkout:
            return
        self.progress.line(f"Fetching sd-scripts {choice.tag.name} from {self.source} ...")
        get_checkout(
            choice.tag,
            self.run,
            lambda line: write_line(log, line),
            root=wish.root,
            source=self.source,
            which=self.which,
        )

    def _environment(self, choice: SetUpChoice, wish: Wish) -> None:
        self.progress.line(f"sd-scripts {choice.tag.name} gets {torch_words(choice)}.")
        loan = choice.lender.loan if choice.lender else None
        environment = environment_of(choice.tag.name, loan)
        paths = Paths(wish.root, environment)
        if not is_as_chosen(paths.folder, choice) or (loan and loan != borrowed(paths.folder)):
            paths.stamp.unlink(missing_ok=True)
        steps = _Steps(choice, self.run, self.progress)
        builder = replace(
            self.builder,
            root=wish.root,
            progress=self.progress,
            run=self.run,
            python=str(choice.python),
            check=_checked_already,
            prepare=steps.prepare,
            complete=steps.complete,
        )
        builder.ensure(environment)

    def _compare(self, before: Snapshot, after: Snapshot, log: TextIO) -> None:
        for title, found in (("before", before), ("after", after)):
            write_line(log, f"Packages of environments that are not ours, {title}:")
            for line in found.lines():
                write_line(log, f"  {line}")
        differences = before.differences(after)
        verdict = f"All {before.count()} packages of other environments are as they were."
        if differences:
            verdict = "Packages of another environment changed meanwhile: " + "; ".join(differences)
        write_line(log, verdict)
        self.progress.line(verdict)


@dataclass(frozen=True)
class _Steps:
    """What is done around pip's work."""

    choice: SetUpChoice
    run: Runner
    progress: SetUpProgress

    def prepare(self, paths: Paths, note: Note) -> None:
        """Clear what was made of something else."""
        if paths.folder.exists() and not is_as_chosen(paths.folder, self.choice):
            note(f"{paths.folder} is made again: it had another Python or torch.")
            remove_tree(paths.folder)
        # pip must not take the lender's packages for the environment's own.
        give_back(paths.folder)

    def complete(self, paths: Paths, note: Note) -> None:
        """Borrow, and see that torch works."""
        if self.choice.lender:
            borrow(paths.folder, self.choice.lender.loan)
        settle_torchvision(paths.folder, self.run, note, self.progress.line)


def _checked_already() -> None:
    """The choice was made among interpreters that fit."""
