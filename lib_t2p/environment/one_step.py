"""Trains one step with sd-scripts, to see that all of an environment works together."""

from __future__ import annotations

import tempfile
from pathlib import Path

from lib_t2p.environment.borrowing import INJECTED
from lib_t2p.environment.running import Runner
from lib_t2p.environment.sd_scripts import SdScripts

SCRIPT = INJECTED / "t2p_one_step.py"

# A configuration of accelerate that the person made for other work must not matter.
LAUNCH = (
    "-m accelerate.commands.launch --num_processes 1 --num_machines 1 --mixed_precision no "
    "--dynamo_backend no --num_cpu_threads_per_process 1"
).split()


def train_one_step(found: SdScripts, run: Runner) -> str:
    """Train in a folder of its own, which is removed.

    Args:
        found: what trains.
        run: runs its Python.

    Returns:
        What went wrong, as the trainer's last words; empty when a LoRA was saved.
    """
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="t2p-check-", ignore_cleanup_errors=True) as work:
        argv = [str(found.python), *LAUNCH, str(SCRIPT), str(found.folder), work]
        code = run(argv, lines.append)
        if any((Path(work) / "out").glob("*.safetensors")):
            return ""
    return f"exit code {code}, {last_words(lines)}"


def last_words(lines: list[str]) -> str:
    """The error among what a trainer printed; accelerate adds one of its own behind it."""
    said = [line.strip() for line in lines if line.strip()]
    errors = [
        line for line in said if "Error" in line.split(":")[0] and " " not in line.split(":")[0]
    ]
    own = [line for line in errors if not line.startswith("subprocess.CalledProcessError")]
    return (own or said or ["it said nothing"])[-1]
