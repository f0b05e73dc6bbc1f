"""Makes an environment ready: at once when it is, by venv and pip when it is not."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from lib_t2p.environment.commands import Runner, run_program
from lib_t2p.environment.definitions import ROOT, Environment, Paths, Stage
from lib_t2p.environment.interpreters import check_interpreter
from lib_t2p.environment.repairing import drop_half_installed
from lib_t2p.environment.stamps import is_ready, write_stamp
from lib_t2p.errors import SetupError
from lib_t2p.platforms import exclusive_lock, venv_python

_PACKAGE = re.compile(
    r"(?:No matching distribution found for|satisfies the requirement|Failed building wheel for"
    r"|Failed to build|Could not build wheels for|Could not find a version that satisfies)"
    r"\s+([A-Za-z0-9][\w.\-\[\]]*(?:\s*==\s*[\w.+!]+)?)"
)
_STEP = re.compile(r"^\s*(Collecting|Downloading|Building wheel for|Installing collected)\s+(\S+)")
_UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Failed to establish a new connection"
    r"|name resolution|getaddrinfo failed|nodename nor servname|ProxyError|Network is unreachable"
    r"|Connection refused|Connection reset|ConnectionError|timed out|IncompleteRead"
)
_HOST = re.compile(r"host='([^']+)'|https?://([^/\s:]+)")


def step_of(line: str) -> str | None:
    """What pip is at, from one line of its output: `Collecting torch`; None for other lines."""
    match = _STEP.match(line)
    if not match:
        return None
    if match[1].startswith("Installing"):
        return "Installing"
    name = match[2].rsplit("/", 1)[-1] if match[1] == "Downloading" else match[2]
    return f"{match[1]} {re.split(r'[=<>~!;]', name)[0]}"


def failure_sentence(lines: Sequence[str], log: Path, wanted: str = "") -> str:
    """Why pip failed, and how to go on.

    Args:
        lines: pip's output, in order.
        log: where all of it was written.
        wanted: what pip was asked for, as its arguments.
    """
    text = "\n".join(lines)
    return f"{_cause(text, how_to_go_on(wanted))} The whole log is {log}."


def how_to_go_on(wanted: str) -> str:
    """What to put where when there is no network.

    Args:
        wanted: arguments of pip; empty leaves the file open.
    """
    return (
        "What is installed already is kept: run the same command again when you are online. "
        "Without a network, fill a folder on another computer with the same system and Python by "
        f"`pip wheel {wanted or '-r requirements/FILE'} -w FOLDER`, the same for each file that "
        "is asked for next, and name that folder in T2P_WHEELS; pip's own "
        "settings for mirrors and proxies hold too."
    )


def _cause(text: str, advice: str) -> str:
    package = _last_package(text)
    if re.search(r"No space left on device|Errno 28|not enough space", text):
        return "The disk is full: make room, then run the same command again; it goes on from here."
    if re.search(r"CERTIFICATE_VERIFY_FAILED|SSLError", text):
        return (
            f"The certificate of {_host(text)} could not be checked: behind a company's proxy, "
            "point pip to its certificate (`pip config set global.cert FILE`), then run again."
        )
    if re.search(r"PermissionError|Permission denied|Access is denied", text):
        return (
            "pip may not write into .envs: give yourself the right to this folder, close programs "
            "that use it, then run the same command again."
        )
    if _UNREACHABLE.search(text):
        return f"{_host(text)} could not be reached{_for(package)}. {advice}"
    if re.search(r"No matching distribution|Could not find a version", text):
        return f"{package or 'A package'} was not found where pip looked. {advice}"
    if re.search(r"Failed building wheel|Failed to build|Could not build wheels", text):
        return (
            f"{package or 'A package'} could not be built here: its wheel for this Python and "
            "system is missing. Try another Python from 3.10 to 3.12."
        )
    return "pip ended with an error: read the end of its log, then run the same command again."


def _last_package(text: str) -> str | None:
    found = _PACKAGE.findall(text)
    return found[-1].replace(" ", "") if found else None


def _for(package: str | None) -> str:
    return f", so {package} could not be had" if package else ""


def _host(text: str) -> str:
    match = _HOST.search(text)
    return next((name for name in match.groups() if name), "") if match else "The package index"


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
