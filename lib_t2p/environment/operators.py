"""Makes torchvision importable where its compiled part was built for another torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lib_t2p.environment.borrowing import name_operators, names_operators
from lib_t2p.environment.commands import Runner
from lib_t2p.errors import SetupError
from lib_t2p.platforms import venv_python

MISSING = "operator torchvision::nms does not exist"
"""What torch says; seen with torchvision 0.28.0 for CUDA beside torch 2.13.0 for the CPU."""

IMPORT = "import torch, torchvision.transforms; print(torch.__version__, torchvision.__version__)"


def settle_torchvision(
    env: Path, run: Runner, note: Callable[[str], None], say: Callable[[str], None]
) -> None:
    """Import torchvision, and name its two missing operators when that is what is wrong.

    Args:
        env: the environment, complete but for that.
        run: runs its Python.
        note: is given what is printed.
        say: is told when the file was added.

    Raises:
        SetupError: torch or torchvision cannot be imported; gives the last line.
    """
    lines = _import(env, run, note)
    if lines is None:
        return
    if any(MISSING in line for line in lines) and not names_operators(env):
        name_operators(env)
        say(
            "torchvision has no compiled part that goes with this torch: a small file in the "
            "environment names the two operators that it misses, which no training calls."
        )
        lines = _import(env, run, note)
    if lines is not None:
        last = next((line for line in reversed(lines) if line.strip()), "it said nothing")
        raise SetupError(
            f"torch and torchvision do not work together in {env}: {last.strip()}. Run the "
            "command again with `--borrow-torch own`, or name another environment to borrow from."
        )


def _import(env: Path, run: Runner, note: Callable[[str], None]) -> list[str] | None:
    """What the import printed when it failed; None when it succeeded."""
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        note(line)

    return None if run([str(venv_python(env)), "-c", IMPORT], keep) == 0 else lines
