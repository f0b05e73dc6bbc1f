"""Launching, adopting, resuming and stopping a trainer; real subprocesses."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest
from training_fakes import RecordingReporter, make_person, make_run

from lib_t2p.errors import StopRequested, TrainerError
from lib_t2p.jobs.processes.processes import stop_tree
from lib_t2p.runs.adopting import living
from lib_t2p.runs.runs import Run, saved_models
from lib_t2p.runs.supervision.supervisor import Watching, run_training
from lib_t2p.runs.trainer import Command
from lib_t2p.runs.trainers.builtin.trainer import BuiltinTrainer
from lib_t2p.workspace.person import RunFolder

FAKE = r"""
import json, sys, time
from pathlib import Path

root, last = Path(sys.argv[2]), int(sys.argv[3])

def say(type, **fields):
    print(json.dumps({"v": 1, "t": 0.0, "type": type, **fields}), flush=True)

done = root / "done.txt"
step = int(done.read_text()) if done.exists() else 0
with (root / "launches.txt").open("a") as file:
    file.write("x")
while step < last:
    gate = root / f"gate-{step}"
    while gate.exists():
        time.sleep(0.01)
    step += 1
    done.write_text(str(step))
    say("progress", done=step, total=last, unit="step")
if (root / "fail").exists():
    sys.stderr.write("RuntimeError: CUDA out of memory. Tried to allocate 2 GiB\n")
    sys.exit(1)
if not (root / "silent").exists():
    header = json.dumps({"__metadata__": {"ss_epoch": "1", "ss_steps": str(step)}}).encode()
    model = root / "model" / "t2p_ada_first_e01.safetensors"
    model.parent.mkdir(exist_ok=True)
    model.write_bytes(len(header).to_bytes(8, "little") + header)
    say("finished", result={"models": [str(model)]})
"""


@dataclass(frozen=True)
class FakeTrainer(BuiltinTrainer):
    """Counts instead of training, and waits at gates."""

    script: Path
    steps: int = 3

    def command(
        self, folder: RunFolder, run: Run, *, again: bool, environ: Mapping[str, str]
    ) -> Command:
        argv = (sys.executable, str(self.script), "--run", str(folder.root), str(self.steps))
        return Command(argv)


class Stopper(RecordingReporter):
    """Does something once a step was told."""

    def __init__(self, step: int, action: Callable[[], None]) -> None:
        super().__init__()
        self._at = step
        self._action = action

    def check_stop(self) -> None:
        if self.steps and self.steps[-1][0] >= self._at:
            self._action()


def ask_to_stop() -> None:
    raise StopRequested("stop")


class WorkerKilledError(BaseException):
    """Stands for kill -9 of the worker: nothing of ours runs after it."""


def kill_worker() -> None:
    raise WorkerKilledError


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return make_run(make_person(tmp_path, pictures=0), tmp_path / "base")


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    script = tmp_path / "fake.py"
    script.write_text(FAKE)
    trainers = {"builtin": FakeTrainer(script)}
    return Watching(poll_seconds=0.01, grace_seconds=2.0, trainers=trainers)


def launches(folder: RunFolder) -> int:
    return len((folder.root / "launches.txt").read_text())


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_a_run_goes_to_its_end_and_is_not_trained_twice(
    folder: RunFolder, watching: Watching
) -> None:
    reporter = RecordingReporter()
    models = run_training(folder, reporter, watching)
    assert [m.stem for m in models] == ["t2p_ada_first_e01"]
    assert reporter.steps == [(1, 3, "step"), (2, 3, "step"), (3, 3, "step")]
    assert run_training(folder, reporter, watching) == models
    assert launches(folder) == 1


def test_a_living_trainer_is_adopted_and_no_event_is_told_twice(
    folder: RunFolder, watching: Watching
) -> None:
    gate = folder.root / "gate-2"
    gate.touch()
    first = Stopper(2, kill_worker)
    with pytest.raises(WorkerKilledError):
        run_training(folder, first, watching)
    gate.unlink()
    second = RecordingReporter()
    assert run_training(folder, second, watching)
    assert launches(folder) == 1
    assert [s[0] for s in second.steps] == [3]


def test_a_trainer_whose_record_was_never_written_is_adopted(
    folder: RunFolder, watching: Watching
) -> None:
    gate = folder.root / "gate-1"
    gate.touch()
    with pytest.raises(WorkerKilledError):
        run_training(folder, Stopper(1, kill_worker), watching)
    folder.command.unlink()
    gate.unlink()
    assert run_training(folder, RecordingReporter(), watching)
    assert launches(folder) == 1


def test_a_killed_trainer_is_launched_again_and_goes_on(
    folder: RunFolder, watching: Watching
) -> None:
    gate = folder.root / "gate-2"
    gate.touch()
    with pytest.raises(WorkerKilledError):
        run_training(folder, Stopper(2, kill_worker), watching)
    pid = json.loads(folder.command.read_text())["pid"]
    psutil.Process(pid).kill()
    wait_until(lambda: living(folder, ("no such mark",)) is None)
    gate.unlink()
    second = RecordingReporter()
    assert run_training(folder, second, watching)
    assert launches(folder) == 2
    assert [s[0] for s in second.steps] == [3]


def test_a_stop_ends_the_trainer_and_the_run_can_go_on_later(
    folder: RunFolder, watching: Watching
) -> None:
    gate = folder.root / "gate-1"
    gate.touch()
    with pytest.raises(StopRequested):
        run_training(folder, Stopper(1, ask_to_stop), watching)
    assert living(folder, ("no such mark",)) is None
    assert json.loads(folder.state.read_text())["status"] == "stopped"
    gate.unlink()
    assert run_training(folder, RecordingReporter(), watching)


def test_a_failure_becomes_a_sentence(folder: RunFolder, watching: Watching) -> None:
    (folder.root / "fail").touch()
    with pytest.raises(TrainerError, match="graphics card ran out of memory"):
        run_training(folder, RecordingReporter(), watching)
    assert json.loads(folder.state.read_text())["status"] == "failed"


def test_exit_code_zero_without_a_lora_is_a_failure(folder: RunFolder, watching: Watching) -> None:
    (folder.root / "silent").touch()
    with pytest.raises(TrainerError, match="without a word"):
        run_training(folder, RecordingReporter(), watching)


def test_a_failed_run_does_not_show_an_older_failure(folder: RunFolder, watching: Watching) -> None:
    (folder.root / "fail").touch()
    with pytest.raises(TrainerError, match="graphics card"):
        run_training(folder, RecordingReporter(), watching)
    (folder.root / "fail").unlink()
    (folder.root / "silent").touch()
    with pytest.raises(TrainerError, match="without a word"):
        run_training(folder, RecordingReporter(), watching)


@pytest.mark.slow
def test_the_built_in_trainer_killed_in_the_middle_goes_on_from_its_last_state(
    tmp_path: Path, sd15_base: Path
) -> None:
    person = make_person(tmp_path)
    folder = make_run(person, sd15_base, max_train_epochs=4, learning_rate=0.01)
    watching = Watching(poll_seconds=0.05)

    def kill_both() -> None:
        found = living(folder, ("no such mark",))
        assert found is not None
        stop_tree(found.process, 0.0)
        raise WorkerKilledError

    class AfterState(RecordingReporter):
        def check_stop(self) -> None:
            if list((folder.model / "state").glob("step-????????")):
                kill_both()

    with pytest.raises(WorkerKilledError):
        run_training(folder, AfterState(), watching)
    before = len(saved_models(folder))
    assert before < 4
    reporter = RecordingReporter()
    models = run_training(folder, reporter, watching)
    assert [m.epoch for m in models] == [1, 2, 3, 4]
    assert min(step for step, _ in reporter.metrics["loss/current"]) > 2


def test_what_the_built_in_trainer_says_itself_comes_first(tmp_path: Path) -> None:
    base = tmp_path / "no-such-base"
    folder = make_run(make_person(tmp_path, pictures=0), base)
    with pytest.raises(TrainerError, match="No pictures to train on"):
        run_training(folder, RecordingReporter(), replace(Watching(), poll_seconds=0.05))
