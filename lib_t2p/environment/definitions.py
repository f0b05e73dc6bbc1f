"""Which environments there are, and which requirement files fill them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout, or the extension's folder."""


@dataclass(frozen=True)
class Stage:
    """One call of pip.

    Attributes:
        title: what a person reads while it runs.
        requirements: file name under `requirements/`, every line pinned.
        options: further arguments of `pip install`.
        packages: installed instead, where which version it is depends on what is there.
        has_torch: torch is among them, which may come from an index of its own.
    """

    title: str
    requirements: str = ""
    options: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    has_torch: bool = False


@dataclass(frozen=True)
class Environment:
    """A virtual environment, or a set of packages on top of one.

    Attributes:
        name: what its stamp and log are called; unique.
        folder: name under `.envs/`.
        stages: in this order.
    """

    name: str
    folder: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Paths:
    """Where an environment lies.

    Attributes:
        root: holds `requirements/` and `.envs/`.
        environment: whose paths these are.
    """

    root: Path
    environment: Environment

    @property
    def folder(self) -> Path:
        """The virtual environment."""
        return self.root / ".envs" / self.environment.folder

    @property
    def stamp(self) -> Path:
        """Written when all stages are done; goes with the folder."""
        return self.folder / f"t2p-{self.environment.name}.json"

    @property
    def log(self) -> Path:
        """Everything that venv and pip printed."""
        return self.root / ".envs" / f"{self.environment.name}-install.log"

    @property
    def lock(self) -> Path:
        """Held while the folder is built."""
        return self.root / ".envs" / f"{self.environment.folder}.lock"

    def requirements(self, stage: Stage) -> Path:
        """The requirement file of a stage."""
        return self.root / "requirements" / stage.requirements


CORE = Environment(
    "core",
    "core",
    (
        Stage("torch, diffusers, gradio and what goes with them", "core.txt", has_torch=True),
        Stage("weights for faces, CLIP's vocabulary, Pillow", "core-nodeps.txt", ("--no-deps",)),
    ),
)
DEV = Environment("dev", "core", (Stage("ruff, mypy and pytest", "dev.txt"),))
GRADIO3 = Environment(
    "gradio3", "gradio3", (Stage("gradio 3.41.2, AUTOMATIC1111's page", "gradio3.txt"),)
)
