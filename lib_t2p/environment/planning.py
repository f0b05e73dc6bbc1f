"""What setting up a tag of sd-scripts will do, said before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.interpreters import dotted
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.sd_scripts import environment_fault
from lib_t2p.environment.set_up_choices import (
    OWN,
    SetUpChoice,
    Wish,
    choose,
    foreign,
    is_as_chosen,
    kept,
)
from lib_t2p.environment.tags import SOURCE
from lib_t2p.environment.torch_fit import CPU_TORCH_MB, OWN_TORCH, OWN_TORCH_MB
from lib_t2p.errors import SetupError
from lib_t2p.platforms import has_gpu

MB = 1_000_000
SPARE = 1.5
"""pip keeps a download beside what it unpacks."""


@dataclass(frozen=True)
class Plan:
    """What will be done.

    Attributes:
        tag: the release.
        lines: a sentence each, in the order of the work; one sentence when nothing is left to do.
        megabytes: on disk in the end, about; 0 when nothing is left to do.
        python: the interpreter that was chosen.
        borrow: the lender's interpreter, or `own`; for the job that carries it out.
    """

    tag: str
    lines: tuple[str, ...]
    megabytes: int
    python: str
    borrow: str


def plan(tag: str, *, python: str = "", borrow: str = "", wish: Wish | None = None) -> Plan:
    """Say what setting up a tag will do.

    Args:
        tag: one of `TAGS`.
        python: as in `Wish`.
        borrow: as in `Wish`.
        wish: instead of these.

    Raises:
        SetupError: it cannot be set up like this; says why.
    """
    asked = wish or Wish(tag, python, borrow)
    theirs = foreign(asked)
    if theirs:
        text = f"sd-scripts {theirs.tag} in {theirs.folder} has its own Python, {theirs.python}."
        return Plan(theirs.tag, (text,), 0, str(theirs.python), OWN)
    asked = kept(asked)
    choice = choose(asked)
    steps = _steps(choice, asked)
    lines = tuple(text for text, _ in steps)
    if not steps:
        lines = (f"sd-scripts {choice.tag.name} is ready: nothing to do.",)
    lender = str(choice.lender.python) if choice.lender else OWN
    size = sum(megabytes for _, megabytes in steps)
    return Plan(choice.tag.name, lines, size, str(choice.python), lender)


def check_room(choice: SetUpChoice, wish: Wish, free_bytes: int) -> None:
    """Refuse to begin what will not fit.

    Raises:
        SetupError: says how much is missing.
    """
    size = sum(megabytes for _, megabytes in _steps(choice, wish))
    needed = int(size * SPARE)
    free = free_bytes // MB
    if size and free < needed:
        raise SetupError(
            f"sd-scripts {choice.tag.name} needs about {needed} MB while it is set up and "
            f"{wish.root} has {free} MB free: make room, then run the same again."
        )


def own_torch_mb(gpu: bool | None = None) -> int:
    """About how large a torch of its own is here."""
    return OWN_TORCH_MB if (has_gpu() if gpu is None else gpu) else CPU_TORCH_MB


def _steps(choice: SetUpChoice, wish: Wish) -> list[tuple[str, int]]:
    """Sentences with megabytes."""
    places = Places(choice.tag.name, wish.root)
    steps = []
    if choice.checkout is None:
        size = choice.tag.checkout_mb
        steps.append(
            (f"Clone {choice.tag.name} of {SOURCE} into {places.checkout} ({size} MB).", size)
        )
    if not environment_fault(choice.tag.name, wish.root) and is_as_chosen(places.env, choice):
        return steps
    if choice.checkout:
        steps.append((f"Use the sd-scripts in {choice.checkout.folder}.", 0))
    steps.append(_environment_step(choice, places.env))
    steps.append(_torch_step(choice))
    return [*steps, ("Import all that a training imports, to see that it works.", 0)]


def _environment_step(choice: SetUpChoice, env: Path) -> tuple[str, int]:
    size = choice.tag.packages_mb
    return (
        f"Make {env} with Python {dotted(choice.version)} ({choice.python}) and install the pinned "
        f"packages of {choice.tag.name} from pip's index (about {size} MB).",
        size,
    )


def _torch_step(choice: SetUpChoice) -> tuple[str, int]:
    if choice.lender:
        lender = choice.lender
        return (
            f"Borrow torch {lender.torch} from {lender.folder}: nothing is written there (0 MB).",
            0,
        )
    size = own_torch_mb()
    return (
        f"Install torch {OWN_TORCH} from pip's index (about {size} MB), since {choice.why_own}.",
        size,
    )
