from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lib_t2p.errors import JobError
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.kinds import JOB_KINDS, JobKind
from lib_t2p.jobs.queue import Queue
from lib_t2p.reports.run_curves import curves_of_run
from lib_t2p.runs.supervision import supervisor as running
from lib_t2p.worker.job_functions import JOB_FUNCTIONS
from lib_t2p.workspace.person import Workspace

Make = Callable[..., JobContext]


@pytest.fixture
def job(workspace: Workspace) -> Make:
    """Makes the context of a claimed job."""

    def make(kind: str, **params: Any) -> JobContext:
        queue = Queue(workspace)
        queue.submit(kind, params, lane="light", person=str(params.get("person", "")))
        claimed = queue.claim(["light"], "test")
        assert claimed is not None
        return JobContext(claimed, workspace, queue)

    return make


@pytest.mark.parametrize("row", JOB_KINDS.values(), ids=lambda row: row.name)
def test_each_kind_has_a_function_of_the_worker_or_a_painter(row: JobKind) -> None:
    if row.lane == "paint":
        assert row.name not in JOB_FUNCTIONS
        return
    module, _, name = row.function.partition(":")
    assert callable(getattr(import_module(module), name))
    assert row.name in JOB_FUNCTIONS


def test_each_kind_is_called_something_else() -> None:
    assert len({row.words for row in JOB_KINDS.values()}) == len(JOB_KINDS)


def test_a_parameter_that_is_missing_is_named(job: Make) -> None:
    with pytest.raises(JobError, match="without 'run'"):
        JOB_FUNCTIONS["train.run"](job("train.run", person="ann"))


def test_a_run_gives_the_paths_of_its_saved_models(
    job: Make, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def run_training(folder: Any, reporter: Any, watching: Any) -> list[SimpleNamespace]:
        seen.append((folder.root, reporter))
        return [SimpleNamespace(path=Path("model/e01.safetensors"))]

    monkeypatch.setattr(running, "run_training", run_training)
    context = job("train.run", person="ann", run="First run")
    result = JOB_FUNCTIONS["train.run"](context)
    models = [str(Path("model/e01.safetensors"))]
    assert result == {"run": "first-run", "models": models, "installed": ""}
    assert seen == [(workspace.person("ann").run("first-run").root, context)]


def test_the_curves_of_a_run_hold_the_newer_number_of_a_step(
    job: Make, workspace: Workspace
) -> None:
    first = job("train.run", person="ann", run="a")
    for step, value in ((1, 0.5), (2, 0.4), (3, 0.3)):
        first.metric("loss/average", step, value)
    first.metric("lr/unet", 1, 1.0)
    again = job("train.run", person="ann", run="a")
    again.metric("loss/average", 3, 0.2)
    job("train.run", person="ann", run="b").metric("loss/average", 9, 9.0)
    assert curves_of_run(first.queue, workspace, workspace.person("ann"), "a") == [
        ("loss/average", (1, 2, 3), (0.5, 0.4, 0.2)),
        ("lr/unet", (1,), (1.0,)),
    ]


def test_what_a_job_tells_comes_back_from_its_events(job: Make) -> None:
    from lib_t2p.jobs.events.events import EventReader

    context = job("any")
    context.phase("faces")
    context.progress(1, 3, "photo")
    context.image("a.png", "epoch 1")
    context.warning("Slow.")
    names = [event.type for event in EventReader(context.folder.events).read_new()]
    assert names == ["started", "phase", "progress", "image", "warning"]
