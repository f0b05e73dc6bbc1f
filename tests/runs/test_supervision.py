"""The same supervision for every trainer: finish, stop, kill, adopt, resume."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from supervised import (
    EPOCHS,
    PICTURES,
    Acting,
    Kit,
    StopAfterSave,
    WorkerKilledError,
    ask_to_stop,
    kill_launcher,
    kill_trainer,
    kill_worker,
    make_kit,
    processes_of,
    write_any_base,
)
from training_fakes import RecordingReporter

from lib_t2p.errors import StopRequested, TrainerError
from lib_t2p.jobs.processes.processes import stop_tree
from lib_t2p.runs.adopting import last_launched
from lib_t2p.runs.runs import saved_models
from lib_t2p.runs.supervision.supervisor import Watching, run_training

pytestmark = pytest.mark.slow

ALL = EPOCHS * PICTURES

NAMES = [
    "stand-in-v0.9.1",
    "stand-in-v0.8.7",
    pytest.param("builtin", marks=pytest.mark.slow),
    pytest.param(
        "real",
        marks=[
            pytest.mark.slow,
            pytest.mark.skipif("T2P_SD_SCRIPTS" not in os.environ, reason="no sd-scripts given"),
        ],
    ),
]


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    pytest.importorskip("diffusers")
    made: dict[str, Path] = {}

    def base(kind: str) -> Path:
        if kind not in made:
            made[kind] = write_any_base(kind, tmp_path_factory.mktemp(kind))
        return made[kind]

    return base


@pytest.fixture(params=NAMES)
def kit(request: pytest.FixtureRequest, tmp_path: Path, bases: Callable[[str], Path]) -> Kit:
    return make_kit(request.param, tmp_path, bases)


def train(kit: Kit, reporter: RecordingReporter) -> list[int]:
    watching = Watching(poll_seconds=0.02, grace_seconds=5.0, trainers=kit.trainers)
    return [model.epoch for model in run_training(kit.folder, reporter, watching)]


def status(kit: Kit) -> str:
    return str(json.loads(kit.folder.state.read_text(encoding="utf-8"))["status"])


def test_a_run_tells_progress_losses_and_each_saved_model(kit: Kit) -> None:
    reporter = RecordingReporter()
    assert train(kit, reporter) == [1, 2, 3, 4]
    steps = [done for done, total, unit in reporter.steps if unit == "step" and total == ALL]
    assert steps == sorted(steps)
    assert steps[-1] == ALL
    assert any(left is not None for left in reporter.left)
    assert [step for step, _ in reporter.metrics["loss/average"]] == list(range(1, ALL + 1))
    stems = [f"t2p_ada_first_e{epoch:02d}" for epoch in range(1, EPOCHS + 1)]
    assert reporter.models == [
        (stem, epoch, epoch * PICTURES) for epoch, stem in enumerate(stems, start=1)
    ]
    assert status(kit) == "finished"


def test_a_stop_now_leaves_no_process_and_no_half_model(kit: Kit) -> None:
    with pytest.raises(StopRequested):
        train(kit, Acting(PICTURES + 1, ask_to_stop))
    assert processes_of(kit.folder) == []
    assert status(kit) == "stopped"
    assert all(model.step % PICTURES == 0 for model in saved_models(kit.folder))
    assert train(kit, RecordingReporter()) == [1, 2, 3, 4]


def test_a_stop_after_the_next_save_keeps_that_model_and_its_state(kit: Kit) -> None:
    reporter = StopAfterSave()
    with pytest.raises(StopRequested, match="after the model of step"):
        train(kit, reporter)
    assert processes_of(kit.folder) == []
    assert any("next model is saved" in sentence for sentence in reporter.warnings)
    first = len(saved_models(kit.folder))
    assert 1 <= first < EPOCHS
    again = RecordingReporter()
    assert train(kit, again) == [1, 2, 3, 4]
    assert min(done for done, _, unit in again.steps if unit == "step") >= PICTURES


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_trainer_loses_no_saved_model_and_goes_on(kit: Kit, seed: int) -> None:
    step = random.Random(seed).randrange(2, ALL - 1)
    with pytest.raises(TrainerError, match="killed from outside|without a word"):
        train(kit, Acting(step, lambda: kill_trainer(kit.folder)))
    assert status(kit) == "failed"
    before = {m.stem: m.path.read_bytes() for m in saved_models(kit.folder)}
    assert train(kit, RecordingReporter()) == [1, 2, 3, 4]
    after = {m.stem: m.path.read_bytes() for m in saved_models(kit.folder)}
    assert {stem: after[stem] for stem in before} == before
    assert [m.step for m in saved_models(kit.folder)] == [4, 8, 12, 16]


@pytest.mark.parametrize("seed", [3, 4])
def test_a_trainer_is_adopted_when_its_worker_was_killed(kit: Kit, seed: int) -> None:
    step = random.Random(seed).randrange(1, ALL - 2)
    first = Acting(step, kill_worker)
    with pytest.raises(WorkerKilledError):
        train(kit, first)
    launched = last_launched(kit.folder)
    second = RecordingReporter()
    assert train(kit, second) == [1, 2, 3, 4]
    assert last_launched(kit.folder) == launched
    told = first.metrics.get("loss/average", []) + second.metrics["loss/average"]
    assert sorted({step for step, _ in told}) == list(range(1, ALL + 1))
    assert sorted(first.models + second.models) == sorted({*first.models, *second.models})


def test_a_trainer_that_ended_well_unseen_is_not_launched_again(kit: Kit) -> None:
    with pytest.raises(WorkerKilledError):
        train(kit, Acting(1, kill_worker))
    while processes_of(kit.folder):
        os.sched_yield()
    launched = last_launched(kit.folder)
    assert train(kit, RecordingReporter()) == [1, 2, 3, 4]
    assert last_launched(kit.folder) == launched


def test_a_launcher_that_dies_alone_ends_nothing(kit: Kit) -> None:
    if kit.key == "builtin":
        pytest.skip("the built-in trainer has no launcher")
    reporter = Acting(2, lambda: kill_launcher(kit.folder))
    assert train(kit, reporter) == [1, 2, 3, 4]
    steps = [done for done, _, unit in reporter.steps if unit == "step"]
    assert steps == sorted(steps)


def test_trainer_and_worker_killed_together_go_on_from_the_last_state(kit: Kit) -> None:
    def kill_both() -> None:
        launched = last_launched(kit.folder)
        assert launched is not None
        stop_tree(launched.process, 0.0)
        raise WorkerKilledError

    with pytest.raises(WorkerKilledError):
        train(kit, Acting(2 * PICTURES + 2, kill_both))
    again = RecordingReporter()
    assert train(kit, again) == [1, 2, 3, 4]
    assert any("goes on from" in text or "cannot skip" in text for text in again.warnings)
