"""A tag of sd-scripts as supervising sees it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from lib_t2p.diffusion import Family, recognise
from lib_t2p.environment import SdScripts, find_sd_scripts
from lib_t2p.files import write_text
from lib_t2p.preflight import visible_gpus
from lib_t2p.preflight.checks import options_of_no_tag
from lib_t2p.runs.failures import Failure
from lib_t2p.runs.runs import Run
from lib_t2p.runs.trainer import Command
from lib_t2p.runs.trainers.sd_scripts.attendant import SdAttendant
from lib_t2p.runs.trainers.sd_scripts.faults import failure_of
from lib_t2p.runs.trainers.sd_scripts.installation import kept_installation
from lib_t2p.runs.trainers.sd_scripts.launch_config import FILE, write_config
from lib_t2p.runs.trainers.sd_scripts.launches import write_facts
from lib_t2p.runs.trainers.sd_scripts.resuming import beginning
from lib_t2p.runs.trainers.sd_scripts.small_bases import fill_tokenizers, small_sizes
from lib_t2p.workspace import RunFolder

SCRIPTS = {Family.SD15: "train_network.py", Family.SDXL: "sdxl_train_network.py"}
LAUNCHER = Path(__file__).parent / "injected" / "small_launcher.py"
MOST_THREADS = 16
"""The largest number that the guide tried; more did not help there."""


@dataclass(frozen=True)
class Machine:
    """What a launch may use.

    Attributes:
        gpus: cards; 0 on a machine that trains on its processor.
        cores: physical ones.
    """

    gpus: int
    cores: int

    @classmethod
    def here(cls, environ: Mapping[str, str]) -> Machine:
        """This machine, as the variables of a process show it."""
        return cls(visible_gpus(environ), psutil.cpu_count(logical=False) or os.cpu_count() or 1)


def mark_of(folder: RunFolder) -> tuple[str, ...]:
    """Arguments that accelerate, the script and its copies all carry."""
    return ("--config_file", str(folder.trainer / FILE))


def launch_argv(
    folder: RunFolder, run: Run, family: Family, *, python: Path, scripts: Path, machine: Machine
) -> tuple[str, ...]:
    """The command line.

    Args:
        folder: of the run.
        run: as stored.
        family: decides the script.
        python: interpreter of sd-scripts' environment.
        scripts: the checkout.
        machine: what may be used.

    Raises:
        CheckpointError: the base checkpoint has a size that sd-scripts cannot train.
    """
    threads = run.cpu_threads or (2 if machine.gpus else min(machine.cores, MOST_THREADS))
    several = ("--multi_gpu",) if machine.gpus > 1 else ()
    return (
        str(python),
        "-m",
        "accelerate.commands.launch",
        "--num_cpu_threads_per_process",
        str(threads),
        "--num_processes",
        str(max(machine.gpus, 1)),
        "--num_machines",
        "1",
        *several,
        "--mixed_precision",
        run.settings.mixed_precision,
        "--dynamo_backend",
        "no",
        *_script(folder, run, scripts / SCRIPTS[family]),
        *mark_of(folder),
    )


def _script(folder: RunFolder, run: Run, script: Path) -> tuple[str, ...]:
    sizes = small_sizes(Path(run.checkpoint))
    if sizes is None:
        return (str(script),)
    record = folder.trainer / "sizes.json"
    write_text(record, json.dumps(sizes))
    return (str(LAUNCHER), str(record), str(script))


def launch_variables() -> dict[str, str]:
    """Variables of the trainer's process."""
    return {
        # The logs hold Japanese, which a Windows code page cannot write; and a worker that reads
        # files must not wait for buffers.
        "PYTHONUTF8": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": "",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_WAIT_POLICY": "PASSIVE",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


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
