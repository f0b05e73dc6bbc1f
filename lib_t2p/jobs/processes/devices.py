"""The devices of this machine: one run or painter at a time on each.

Everything here works without torch, since host, worker and painter must come to the same names.
"""

from __future__ import annotations

import csv
import logging
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lib_t2p import platforms

CPU = "cpu"
ANSWER_SECONDS = 20.0
"""nvidia-smi wakes sleeping cards, which takes seconds."""
_QUERY = ("--query-gpu=index,name,memory.total", "--format=csv,noheader,nounits")
_COUNT = "import torch; print(torch.cuda.device_count())"
_log = logging.getLogger(__name__)

Ask = Callable[[Sequence[str]], str]
"""Runs a program and gives what it prints; empty when it is missing or fails."""


@dataclass(frozen=True)
class Device:
    """What one run at a time may use.

    Attributes:
        name: of its lease: `cpu`, or `gpu:<n>` as CUDA_VISIBLE_DEVICES spells `n`.
        title: what a person reads.
        memory_mb: VRAM; 0 when it is not known.
    """

    name: str
    title: str
    memory_mb: int = 0


def ask_program(argv: Sequence[str]) -> str:
    """An `Ask` for real programs."""
    try:
        done = subprocess.run(
            list(argv),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=ANSWER_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.info("%s gave no answer: %s", argv[0], error)
        return ""
    return done.stdout


def find_devices(
    python: str,
    environ: Mapping[str, str] = os.environ,
    ask: Ask = ask_program,
    gpu_there: Callable[[], bool] = platforms.has_gpu,
) -> tuple[Device, ...]:
    """The devices that runs may use: one for each GPU, else the CPU.

    Args:
        python: an interpreter with torch, asked where there is no nvidia-smi.
        environ: CUDA_VISIBLE_DEVICES narrows the choice.
        ask: runs a program.
        gpu_there: whether a GPU seems to be there.
    """
    visible = _visible(environ)
    if visible == [] or not gpu_there():
        return (Device(CPU, "CPU"),)
    seen = _from_smi(ask(["nvidia-smi", *_QUERY])) or _from_torch(ask([python, "-c", _COUNT]))
    if visible is None:
        return seen
    known = {device.name: device for device in seen}
    names = [f"gpu:{one}" for one in visible]
    return tuple(known.get(name, Device(name, name)) for name in names)


def device_lease(
    environ: Mapping[str, str] = os.environ,
    gpu_there: Callable[[], bool] = platforms.has_gpu,
) -> str:
    """Name of the device that a process with this environment uses when it takes the first."""
    visible = _visible(environ)
    if visible == [] or not gpu_there():
        return CPU
    return f"gpu:{visible[0] if visible else '0'}"


def variables_of(devices: str) -> dict[str, str]:
    """Environment variables that keep a process to devices; names with `+` between them.

    CUDA numbers cards by speed unless told to number them as nvidia-smi does.
    """
    names = [name.partition(":")[2] for name in devices.split("+") if name.startswith("gpu:")]
    if not names:
        return {}
    return {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": ",".join(names)}


def _visible(environ: Mapping[str, str]) -> list[str] | None:
    text = environ.get("CUDA_VISIBLE_DEVICES")
    if text is None:
        return None
    listed = [part.strip() for part in text.split(",")]
    # CUDA itself ignores what stands behind the first one that it does not know.
    end = next((i for i, one in enumerate(listed) if one in ("", "-1")), len(listed))
    return listed[:end]


def _from_smi(text: str) -> tuple[Device, ...]:
    found = []
    for row in csv.reader(text.splitlines(), skipinitialspace=True):
        if len(row) == 3 and row[0].strip().isdigit():
            memory = int(row[2]) if row[2].strip().isdigit() else 0
            found.append(Device(f"gpu:{row[0].strip()}", row[1].strip(), memory))
    return tuple(found)


def _from_torch(text: str) -> tuple[Device, ...]:
    words = text.split()
    # One at least: an Apple GPU is none of CUDA's, and a silent torch does not make a card go.
    count = max(1, int(words[-1])) if words and words[-1].isdigit() else 1
    return tuple(Device(f"gpu:{n}", f"GPU {n}") for n in range(count))
