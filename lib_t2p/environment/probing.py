"""Imports what a training imports, in a process of the environment that will do it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.borrowing import INJECTED
from lib_t2p.environment.commands import Runner

PROBE = INJECTED / "t2p_probe.py"
MARK = "T2P "

MODULES = (
    "torch torchvision.transforms numpy cv2 PIL accelerate transformers diffusers huggingface_hub "
    "safetensors.torch tokenizers einops toml voluptuous imagesize rich ftfy "
    "torch.utils.tensorboard prodigyopt lion_pytorch dadaptation"
).split()
"""What every tag imports, or imports when an option asks for it."""

MODULES_OF = {"v0.10.1": ("schedulefree", "sentencepiece")}
"""Further ones."""

CHECKOUT = ("train_network", "sdxl_train_network", "networks.lora", "library.train_util")
"""Of the checkout itself; they import the rest of it."""

OPTIONAL = {
    "bitsandbytes": "optimizers with 8 bit are off, `{python} -m pip install --no-deps "
    "bitsandbytes` adds them on a GPU of NVIDIA",
    "lycoris": "LyCORIS networks are off, `{python} -m pip install --no-deps lycoris_lora` adds "
    "them",
    "xformers": "that option is off, sdpa does the same with what is there",
}
"""Not installed; what that means."""

CORE_MODULES = (
    "torch diffusers transformers peft accelerate safetensors.torch gradio fastapi cv2 PIL dlib "
    "imagehash skimage scipy matplotlib optuna dynamicprompts psutil dadaptation prodigyopt "
    "torch.utils.tensorboard"
).split()


@dataclass(frozen=True)
class Import:
    """How one import went.

    Attributes:
        name: the module; `device` tells what torch computes with instead.
        version: of it; for `device` one of `cuda`, `mps`, `cpu`.
        error: why it failed; empty when it did not.
    """

    name: str
    version: str
    error: str


def probe(python: Path, folder: Path | None, modules: Sequence[str], run: Runner) -> list[Import]:
    """Import modules.

    Args:
        python: of the environment.
        folder: the checkout, whose own modules may be among them.
        modules: in this order.
        run: runs the interpreter.

    Returns:
        One entry a module, and `device`; those that the process did not reach, since it died,
        have an error.
    """
    lines: list[str] = []
    argv = [str(python), str(PROBE), str(folder or ""), *modules]
    code = run(argv, lines.append)
    found = [_read(line) for line in lines if line.startswith(MARK)]
    reached = {entry.name for entry in found}
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
    died = f"its Python ended with code {code}: {last}"
    return found + [Import(name, "", died) for name in modules if name not in reached]


def _read(line: str) -> Import:
    body = json.loads(line[len(MARK) :])
    return Import(body["name"], body["version"], body["error"])
