"""The environment of each sd-scripts tag: its folder, its checkout, what is installed into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib_t2p.environment.borrowing import Borrowed, borrowed
from lib_t2p.environment.definitions import ROOT, Environment, Paths, Stage
from lib_t2p.environment.tags import tag_named
from lib_t2p.environment.torch_fit import NUMPY_1, needs_numpy_1, torchvision_for

NO_DEPS = ("--no-deps",)
"""The files pin everything, and torch may be borrowed: pip must not bring another."""

TORCH = "sd-scripts-torch.txt"


@dataclass(frozen=True)
class Places:
    """Where everything of a tag lies.

    Attributes:
        tag: its name.
        root: holds `.envs/`.
    """

    tag: str
    root: Path = ROOT

    @property
    def checkout(self) -> Path:
        """Our own checkout."""
        return self.root / ".envs" / "checkouts" / f"sd-scripts-{self.tag}"

    @property
    def env(self) -> Path:
        """The virtual environment."""
        return Paths(self.root, environment_of(self.tag, None)).folder

    def paths(self) -> Paths:
        """The environment as it was last built, which its stamp is checked against."""
        return Paths(self.root, environment_of(self.tag, borrowed(self.env)))


def environment_of(tag: str, loan: Borrowed | None) -> Environment:
    """What is installed for a tag.

    Args:
        tag: its name.
        loan: the torch that it borrows; None gives it its own.
    """
    name = f"sd-scripts-{tag_named(tag).name}"
    stages = [Stage(f"the packages of {name}", f"{name}.txt", NO_DEPS)]
    if loan is None:
        stages.append(Stage("torch and torchvision", TORCH, has_torch=True))
        return Environment(name, name, tuple(stages))
    if needs_numpy_1(loan.torch):
        stages.append(Stage(f"NumPy for torch {loan.torch}", options=NO_DEPS, packages=(NUMPY_1,)))
    if not loan.torchvision:
        pair = f"torchvision=={torchvision_for(loan.torch)}"
        title = f"torchvision for torch {loan.torch}"
        stages.append(Stage(title, options=NO_DEPS, packages=(pair,), has_torch=True))
    return Environment(name, name, tuple(stages))
