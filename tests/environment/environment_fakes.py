"""A checkout in a temporary folder and a pip that only pretends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lib_t2p.environment.builder import Builder, SetUpProgress
from lib_t2p.environment.definitions import Environment, Paths, Stage
from lib_t2p.platforms import venv_python

SMALL = Environment(
    "small", "small", (Stage("tools", "a.txt"), Stage("weights", "b.txt", ("--no-deps",)))
)


@dataclass
class FakeRunner:
    """Makes the folder for venv, answers for pip.

    Attributes:
        calls: what was run.
        outputs: pip's exit code and lines, by requirement file name.
    """

    calls: list[list[str]] = field(default_factory=list)
    outputs: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    venv_code: int = 0
    broken: bool = False

    def __call__(self, argv: Sequence[str], on_line: Callable[[str], None]) -> int:
        self.calls.append(list(argv))
        if "venv" in argv:
            return self._venv(Path(argv[-1]))
        if argv[-1] == "--version":
            return 1 if self.broken else 0
        code, lines = self.outputs.get(Path(argv[-1]).name, (0, ["Collecting numpy==2.0"]))
        for line in lines:
            on_line(line)
        return code

    def _venv(self, folder: Path) -> int:
        python = venv_python(folder)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text("", encoding="utf-8")
        self.broken = False
        return self.venv_code

    def installed(self) -> list[str]:
        """Names of the requirement files that pip was given, in order."""
        return [Path(call[-1]).name for call in self.calls if "install" in call]

    def made(self) -> int:
        """How often an environment was made."""
        return sum("venv" in call for call in self.calls)


class Recorder(SetUpProgress):
    """Keeps what an installation says."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def step(self, stage: str, text: str, number: int) -> None:
        self.steps.append(f"{stage} {number} {text}")


def checkout(folder: Path) -> Paths:
    """A root with two requirement files."""
    requirements = folder / "requirements"
    requirements.mkdir()
    for name in ("a.txt", "b.txt"):
        (requirements / name).write_text("numpy==2.0\n", encoding="utf-8")
    return Paths(folder, SMALL)


def builder_for(
    paths: Paths,
    runner: FakeRunner,
    *,
    progress: SetUpProgress | None = None,
    wheels: str = "",
    check: Callable[[], None] = lambda: None,
) -> Builder:
    return Builder(
        root=paths.root,
        progress=progress or SetUpProgress(),
        run=runner,
        python="python3",
        wheels=wheels,
        check=check,
        clock=lambda: 0.0,
    )
