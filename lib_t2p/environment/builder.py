"""Makes an environment ready: at once when it is, by venv and pip when it is not."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from lib_t2p.environment.commands import Runner, run_program
from lib_t2p.environment.definitions import ROOT, Environment, Paths, Stage
from lib_t2p.environment.interpreters import check_interpreter
from lib_t2p.environment.pip_output import failure_sentence, step_of
from lib_t2p.environment.repairing import drop_half_installed
from lib_t2p.environment.stamps import is_ready, write_stamp
from lib_t2p.errors import SetupError
from lib_t2p.platforms import exclusive_lock, venv_python


class SetUpProgress:
    """Where an installation says what it does; this one is silent."""

    def line(self, text: str) -> None:
        """Say one sentence."""

    def step(self, stage: str, text: str, number: int) -> None:
        """Say what stage `stage` is at; `number` counts its steps."""


Note = Callable[[str], None]
"""Writes a line into a log."""

Hook = Callable[[Paths, Note], None]
"""Is given an environment, and what writes into its log."""


def _nothing(_paths: Paths, _note: Note) -> None:
    """For environments that are done when pip is."""


@dataclass(frozen=True)
class Builder:
    """Builds environments.

    Attributes:
        root: holds `requirements/`; `.envs/` is made in it.
        progress: is told each step.
        run: runs venv and pip.
        python: the interpreter that makes the environment.
        wheels: a folder which pip takes everything from instead of an index.
        torch_index: address of a further index that pip asks where torch is among the packages;
            its builds for CUDA win over those of the usual index.
        check: refuses the interpreter.
        prepare: is called before pip works on an environment.
        complete: is called when all is installed, before the environment counts as finished.
        clock: seconds.
    """

    root: Path = ROOT
    progress: SetUpProgress = field(default_factory=SetUpProgress)
    run: Runner = run_program
    python: str = sys.executable
    wheels: str = field(default_factory=lambda: os.environ.get("T2P_WHEELS", ""))
    torch_index: str = field(default_factory=lambda: os.environ.get("T2P_TORCH_INDEX", ""))
    check: Callable[[], None] = check_interpreter
    prepare: Hook = _nothing
    complete: Hook = _nothing
    clock: Callable[[], float] = time.monotonic

    def ensure(self, environment: Environment) -> Path:
        """Make the environment ready.

        Returns:
            Its interpreter.

        Raises:
            SetupError: says what could not be had and how to go on; what was installed stays.
        """
        paths = Paths(self.root, environment)
        if not is_ready(paths):
            try:
                self._build_alone(paths)
            except OSError as error:
                raise SetupError(
                    f"{paths.folder} cannot be written: {error.strerror or error}."
                ) from error
        return venv_python(paths.folder)

    def _build_alone(self, paths: Paths) -> None:
        paths.folder.parent.mkdir(parents=True, exist_ok=True)
        if paths.folder.exists():
            self.progress.line(
                f"Going on with {paths.folder} from what is there; if another start is at it, "
                "this one waits."
            )
        # A pip whose parent was killed goes on; it must end before another one begins.
        with exclusive_lock(paths.lock, inheritable=True):
            # Another start may have finished it while this one waited.
            if is_ready(paths):
                return
            with paths.log.open("a", encoding="utf-8") as log:
                self._build(paths, log)
            write_stamp(paths)

    def _build(self, paths: Paths, log: TextIO) -> None:
        paths.stamp.unlink(missing_ok=True)
        drop_half_installed(paths.folder)
        self.prepare(paths, _into(log))
        if not self._works(paths.folder, log):
            self._make(paths, log)
        for stage in paths.environment.stages:
            self._install(paths, stage, log)
        self.complete(paths, _into(log))

    def _works(self, folder: Path, log: TextIO) -> bool:
        python = venv_python(folder)
        if not python.exists():
            return False
        return self.run([str(python), "-m", "pip", "--version"], _into(log)) == 0

    def _make(self, paths: Paths, log: TextIO) -> None:
        self.check()
        self.progress.line(f"Making the environment {paths.folder}; log: {paths.log}")
        argv = [self.python, "-m", "venv", "--clear", str(paths.folder)]
        if self.run(argv, _into(log)) != 0:
            raise SetupError(
                f"{self.python} could not make an environment; on Debian and Ubuntu install "
                f"python3-venv, then run again. The whole log is {paths.log}."
            )

    def _install(self, paths: Paths, stage: Stage, log: TextIO) -> None:
        begun = self.clock()
        lines: list[str] = []
        steps = 0

        def on_line(line: str) -> None:
            nonlocal steps
            lines.append(line)
            write_line(log, line)
            step = step_of(line)
            if step:
                steps += 1
                self.progress.step(stage.title, step, steps)

        self.progress.line(f"Installing {stage.title} ...")
        code = self.run(self._pip(paths, stage), on_line)
        if code != 0:
            raise SetupError(failure_sentence(lines, paths.log, _wanted(stage)))
        self.progress.line(f"Installed {stage.title} in {self.clock() - begun:.0f} s")

    def _pip(self, paths: Paths, stage: Stage) -> list[str]:
        argv = [str(venv_python(paths.folder)), "-m", "pip", "install", "--no-input"]
        argv += ["--disable-pip-version-check", "--progress-bar", "off", "--prefer-binary"]
        if self.wheels:
            argv += ["--no-index", "--find-links", self.wheels]
        elif self.torch_index and stage.has_torch:
            argv += ["--extra-index-url", self.torch_index]
        if stage.packages:
            return [*argv, *stage.options, *stage.packages]
        return [*argv, *stage.options, "--requirement", str(paths.requirements(stage))]


def _wanted(stage: Stage) -> str:
    packages = stage.packages or ("-r", f"requirements/{stage.requirements}")
    return " ".join([*stage.options, *packages])


def _into(log: TextIO) -> Note:
    return lambda line: write_line(log, line)


def write_line(log: TextIO, line: str) -> None:
    """Write a line and let it be seen at once."""
    log.write(line + "\n")
    log.flush()
