"""A tag of sd-scripts as supervising sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.diffusion import recognise
from lib_t2p.environment import SdScripts, find_sd_scripts
from lib_t2p.preflight.checks import options_of_no_tag
from lib_t2p.runs.failures import Failure
from lib_t2p.runs.runs import Run
from lib_t2p.runs.trainer import Command
from lib_t2p.runs.trainers.sd_scripts.attendant import SdAttendant
from lib_t2p.runs.trainers.sd_scripts.command import Machine, launch_argv, launch_variables, mark_of
from lib_t2p.runs.trainers.sd_scripts.faults import failure_of
from lib_t2p.runs.trainers.sd_scripts.installation import kept_installation
from lib_t2p.runs.trainers.sd_scripts.launch_config import write_config
from lib_t2p.runs.trainers.sd_scripts.launches import write_facts
from lib_t2p.runs.trainers.sd_scripts.resuming import beginning
from lib_t2p.runs.trainers.sd_scripts.small_bases import fill_tokenizers
from lib_t2p.workspace import RunFolder


@dataclass(frozen=True)
class SdScriptsTrainer:
    """sd-scripts at one tag, launched by accelerate.

    Attributes:
        tag: one of `lib_t2p.environment.sd_scripts.TAGS`.
        find: gives checkout and interpreter of a tag.
        tokenizers: makes the folder of tokenizers.
    """

    tag: str
    find: Callable[[str], SdScripts] = find_sd_scripts
    tokenizers: Callable[[Path], Path] = fill_tokenizers

    def mark(self, folder: RunFolder) -> tuple[str, ...]:
        """The configuration file stands in each command line."""
        return mark_of(folder)

    def command(
        self, folder: RunFolder, run: Run, *, again: bool, environ: Mapping[str, str]
    ) -> Command:
        """Write the configuration; a run with a whole state goes on from it."""
        family = recognise(Path(run.checkpoint))
        found = kept_installation(folder, self.tag) or self.find(self.tag)
        begin = beginning(folder, run, again=again)
        tokenizers = self.tokenizers(folder.person.workspace.cache / "tokenizers")
        known = options_of_no_tag(found.folder, family.key_names)
        write_config(folder, run, family, begin, tokenizers, known)
        argv = launch_argv(
            folder,
            run,
            family,
            python=found.python,
            scripts=found.folder,
            machine=Machine.here(environ),
        )
        write_facts(folder, begin.facts)
        return Command(argv, {**launch_variables(), **begin.env}, begin.notes)

    def attendant(self, folder: RunFolder, run: Run) -> SdAttendant:
        """For the process of the last launch."""
        return SdAttendant(folder, run)

    def failure(self, stdout: str, stderr: str) -> Failure:
        """Why it ended badly, from the ends of its output."""
        return failure_of(stdout, stderr, f"sd-scripts-{self.tag}")
