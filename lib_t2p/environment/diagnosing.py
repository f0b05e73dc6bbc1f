"""`env check`: looks at an environment from every side, one finding a line.

It compares with what the requirement files ask for on this Python and system, and trains one step
with sd-scripts to see that all of it works together."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lib_t2p.environment.borrowing import INJECTED, borrowed, names_operators
from lib_t2p.environment.commands import Runner, run_program
from lib_t2p.environment.definitions import CORE, ROOT, Paths, Stage
from lib_t2p.environment.installed_files import damaged, installed, normalised
from lib_t2p.environment.interpreters import Version
from lib_t2p.environment.probing import (
    CHECKOUT,
    CORE_MODULES,
    MODULES,
    MODULES_OF,
    OPTIONAL,
    Import,
    probe,
)
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.sd_scripts import SdScripts, environment_fault, find_sd_scripts
from lib_t2p.environment.set_up_choices import python_of
from lib_t2p.environment.stamps import is_ready
from lib_t2p.environment.tags import tag_named
from lib_t2p.errors import SetupError
from lib_t2p.platforms import has_gpu, venv_python
from lib_t2p.plurals import counted

_MARKER = re.compile(r"(python_version|sys_platform)\s*(>=|<|==)\s*[\"']([^\"']+)[\"']")


def pins(paths: Paths, version: Version, platform: str = sys.platform) -> dict[str, str]:
    """Version by name of all that an environment should have; later stages win."""
    found: dict[str, str] = {}
    for stage in paths.environment.stages:
        for line in _lines(paths, stage):
            requirement, _, marker = line.partition(";")
            if _holds(marker.strip(), version, platform):
                name, _, pinned = requirement.strip().partition("==")
                found[normalised(name)] = pinned
    return found


def _lines(paths: Paths, stage: Stage) -> list[str]:
    if stage.packages:
        return list(stage.packages)
    text = paths.requirements(stage).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _holds(marker: str, version: Version, platform: str) -> bool:
    match = _MARKER.fullmatch(marker)
    if match is None:
        return True
    variable, comparison, value = match.groups()
    if variable == "sys_platform":
        return platform == value
    major, minor = value.split(".")[:2]
    bound = (int(major), int(minor))
    return {">=": version >= bound, "<": version < bound, "==": version == bound}[comparison]


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


Level = Literal["ok", "note", "fault"]

Trial = Callable[[SdScripts, Runner], str]
"""Trains one step; gives what went wrong, empty when a LoRA was saved."""


@dataclass(frozen=True)
class EnvFinding:
    """One thing that was looked at.

    Attributes:
        level: a fault keeps trainings from running, a note does not.
        what: a sentence without its full stop.
        remedy: what to do; empty when it is well.
    """

    level: Level
    what: str
    remedy: str = ""

    @property
    def line(self) -> str:
        """As it is printed."""
        advice = f": {self.remedy}" if self.remedy else ""
        return f"{self.level:<5} {self.what}{advice}."


@dataclass(frozen=True)
class Doctor:
    """Looks at environments; changes nothing.

    Attributes:
        root: holds `requirements/` and `.envs/`.
        run: runs an environment's Python.
        environ: the variables of the process.
        gpu: whether a GPU seems to be there.
        trial: trains one step; None leaves that out.
    """

    root: Path = ROOT
    run: Runner = run_program
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    gpu: bool = field(default_factory=has_gpu)
    trial: Trial | None = train_one_step

    def check(self, name: str) -> Iterator[EnvFinding]:
        """Everything about `core` or a tag of sd-scripts, as it is found.

        Raises:
            SetupError: there is no such environment by name.
        """
        yield from self._core() if name == CORE.name else self._tag(tag_named(name).name)

    def _core(self) -> Iterator[EnvFinding]:
        paths, repair = Paths(self.root, CORE), "run `t2p.py env repair core`"
        python = venv_python(paths.folder)
        if not python.exists():
            yield EnvFinding("fault", f"{paths.folder} is not there", "run `t2p.py env build core`")
            return
        if is_ready(paths):
            yield EnvFinding("ok", f"{paths.folder} was built from the requirements of today")
        else:
            yield EnvFinding(
                "fault", f"{paths.folder} is not complete or of an older version", repair
            )
        yield from self._files(paths, repair)
        yield from self._imports(python, None, CORE_MODULES, repair)

    def _tag(self, tag: str) -> Iterator[EnvFinding]:
        repair = f"run `t2p.py env repair {tag}`"
        try:
            found = find_sd_scripts(tag, root=self.root, environ=self.environ)
        except SetupError as error:
            yield EnvFinding("fault", str(error).rstrip("."))
            return
        yield _checkout_finding(found, repair)
        places = Places(tag, self.root)
        if found.python == venv_python(places.env):
            yield _torch_finding(places)
            yield from self._files(places.paths(), repair)
        modules = [*MODULES, *MODULES_OF.get(tag, ()), *CHECKOUT]
        faults = False
        for finding in self._imports(found.python, found.folder, modules, repair):
            faults = faults or finding.level == "fault"
            yield finding
        yield from self._optional(found)
        if self.trial and not faults:
            fault = self.trial(found, self.run)
            text = "a training of one step on a tiny checkpoint"
            if fault:
                yield EnvFinding("fault", f"{text} failed, {fault}", repair)
            else:
                yield EnvFinding("ok", f"{text} ran and saved its LoRA")

    def _files(self, paths: Paths, repair: str) -> Iterator[EnvFinding]:
        env = paths.folder
        faults = damaged(env)
        for info, fault in faults.items():
            yield EnvFinding("fault", f"{info.name.removesuffix('.dist-info')}: {fault}", repair)
        wanted, present = pins(paths, python_of(env) or (0, 0)), installed(env)
        wrong = {n: v for n, v in wanted.items() if present.get(n, "").partition("+")[0] != v}
        for name, version in wrong.items():
            has = f"is {present[name]}" if name in present else "is not installed"
            yield EnvFinding("fault", f"{name} {has} and should be {version}", repair)
        if not faults and not wrong:
            yield EnvFinding("ok", f"all {len(wanted)} pinned packages are there, every file whole")

    def _imports(
        self, python: Path, folder: Path | None, modules: Sequence[str], repair: str
    ) -> Iterator[EnvFinding]:
        found = probe(python, folder, modules, self.run)
        for entry in found:
            if entry.error:
                yield EnvFinding("fault", f"{entry.name} cannot be imported, {entry.error}", repair)
        good = [e for e in found if not e.error and e.name != "device"]
        if good:
            yield EnvFinding(
                "ok", f"{counted(len(good), 'module')} can be imported: {_versions(good)}"
            )
        yield from self._device(found)

    def _device(self, found: Sequence[Import]) -> Iterator[EnvFinding]:
        device = next((entry.version for entry in found if entry.name == "device"), "")
        if device == "cpu" and self.gpu:
            yield EnvFinding(
                "fault",
                "a GPU is there and this torch cannot use it",
                "name the address of PyTorch's index for your GPU in T2P_TORCH_INDEX (its start "
                "page tells it), or an environment whose torch can with `--borrow-torch`, then "
                "run `t2p.py env repair`",
            )
        elif device:
            yield EnvFinding("ok", f"torch computes with {device}")

    def _optional(self, found: SdScripts) -> Iterator[EnvFinding]:
        for entry in probe(found.python, None, list(OPTIONAL), self.run):
            if entry.error and entry.name in OPTIONAL:
                meaning = OPTIONAL[entry.name].format(python=found.python)
                yield EnvFinding("note", f"{entry.name} is not there", meaning)


def _checkout_finding(found: SdScripts, repair: str) -> EnvFinding:
    if found.exact:
        return EnvFinding("ok", f"{found.folder} is sd-scripts {found.tag}")
    return EnvFinding(
        "note",
        f"{found.folder} is of the line of sd-scripts {found.tag} and not that tag itself",
        f"its options may differ; for the tag name no folder and {repair}",
    )


def _torch_finding(places: Places) -> EnvFinding:
    fault = environment_fault(places.tag, places.root)
    if fault:
        return EnvFinding("fault", fault, f"run `t2p.py env repair {places.tag}`")
    loan = borrowed(places.env)
    shim = (
        "; two operators of torchvision are named by our file"
        if names_operators(places.env)
        else ""
    )
    if loan:
        return EnvFinding("ok", f"torch {loan.torch} is borrowed from {loan.folder}{shim}")
    return EnvFinding("ok", f"{places.env} has a torch of its own{shim}")


def _versions(found: Sequence[Import]) -> str:
    """Those that say which version they are."""
    return ", ".join(f"{entry.name} {entry.version}" for entry in found if entry.version)
