"""Trainers that the supervision tests run: a stand-in, the built-in one, the real sd-scripts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
from small_bases_fakes import write_small_base
from training_fakes import RecordingReporter, make_person, make_run, write_base

from lib_t2p.environment.sd_scripts import SdScripts, recognise_tag
from lib_t2p.errors import StopRequested
from lib_t2p.runs.adopting import last_launched
from lib_t2p.runs.runs import Run
from lib_t2p.runs.trainer import Command, Trainer
from lib_t2p.runs.trainers.builtin.trainer import BuiltinTrainer
from lib_t2p.runs.trainers.sd_scripts.trainer import SdScriptsTrainer
from lib_t2p.workspace.person import RunFolder

STAND_IN = Path(__file__).with_name("stand_in")
EPOCHS, PICTURES = 4, 4


@dataclass(frozen=True)
class StandIn(SdScriptsTrainer):
    """sd-scripts' trainer with a launcher and a script that learn nothing."""

    def command(
        self, folder: RunFolder, run: Run, *, again: bool, environ: Mapping[str, str]
    ) -> Command:
        made = super().command(folder, run, again=again, environ=environ)
        argv = (sys.executable, str(STAND_IN / "launch.py"), *made.argv[3:])
        return replace(made, argv=argv)


def stand_in(tag: str) -> StandIn:
    where = SdScripts(tag, STAND_IN, Path(sys.executable))
    return StandIn(tag, lambda _: where, lambda folder: folder)


@dataclass(frozen=True)
class Kit:
    """A trainer with a run of 4 epochs of 4 steps, each epoch saved."""

    key: str
    trainer: Trainer
    folder: RunFolder

    @property
    def trainers(self) -> dict[str, Trainer]:
        return {self.key: self.trainer}


def make_kit(name: str, root: Path, bases: Callable[[str], Path], **changes: Any) -> Kit:
    """A kit by its name: `builtin`, `stand-in-<tag>` or `real`."""
    values = {
        "max_train_epochs": EPOCHS,
        "train_batch_size": 1,
        "network_args": [],
        "optimizer_type": "AdamW",
        **changes,
    }
    person = make_person(root, pictures=PICTURES)
    if name == "builtin":
        trainer: Trainer = BuiltinTrainer()
        key, base = "builtin", bases("diffusers")
    else:
        tag = real_tag() if name == "real" else name.removeprefix("stand-in-")
        key, base = f"sd-scripts-{tag}", bases("small")
        trainer = SdScriptsTrainer(tag) if name == "real" else stand_in(tag)
        values |= {"resolution": "64,64", "max_data_loader_n_workers": 0}
    return Kit(key, trainer, make_run(person, base, trainer=key, **values))


def real_tag() -> str:
    return recognise_tag(Path(os.environ["T2P_SD_SCRIPTS"]))


def write_any_base(kind: str, root: Path) -> Path:
    if kind == "small":
        return write_small_base(root / "small.safetensors")
    return write_base(root / "diffusers", sdxl=False)


class WorkerKilledError(BaseException):
    """Stands for kill -9 of the worker: nothing of ours runs after it."""


class Acting(RecordingReporter):
    """Does something once, when enough steps were told."""

    def __init__(self, step: int, action: Callable[[], None]) -> None:
        super().__init__()
        self._at = step
        self._action: Callable[[], None] | None = action

    @property
    def reached(self) -> int:
        return max((done for done, _, unit in self.steps if unit == "step"), default=0)

    def check_stop(self) -> None:
        if self._action is not None and self.reached >= self._at:
            action, self._action = self._action, None
            action()


class StopAfterSave(RecordingReporter):
    """Asks to stop after the next save from the first step on."""

    def stop_after_save(self) -> bool:
        return any(unit == "step" and done >= 1 for done, _, unit in self.steps)


def ask_to_stop() -> None:
    raise StopRequested("stop")


def kill_worker() -> None:
    raise WorkerKilledError


def kill_trainer(folder: RunFolder) -> None:
    """kill -9 of the process that trains: the last child of a launcher, else the only one."""
    launched = last_launched(folder)
    assert launched is not None
    process = psutil.Process(launched.process.pid)
    children = process.children(recursive=True)
    trainers = [c for c in children if "train_network.py" in " ".join(c.cmdline())]
    (trainers[-1] if trainers else process).kill()


def kill_launcher(folder: RunFolder) -> None:
    """kill -9 of accelerate alone, which what it started outlives."""
    launched = last_launched(folder)
    assert launched is not None
    psutil.Process(launched.process.pid).kill()


def processes_of(folder: RunFolder) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = " ".join(process.info["cmdline"] or ())
        if str(folder.root) in words and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found
