"""What is launched: accelerate, which starts a training script of sd-scripts."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from lib_t2p.diffusion import Family
from lib_t2p.files import write_text
from lib_t2p.preflight import visible_gpus
from lib_t2p.runs.runs import Run
from lib_t2p.runs.trainers.sd_scripts.launch_config import FILE
from lib_t2p.runs.trainers.sd_scripts.small_bases import small_sizes
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
