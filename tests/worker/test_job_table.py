from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lib_t2p.errors import JobError
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.queue import Queue
from lib_t2p.reports.run_curves import curves_of_run
from lib_t2p.runs.supervision import supervisor as running
from lib_t2p.worker.job_functions import KINDS
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


def test_every_kind_but_the_painters_is_in_the_table() -> None:
    assert set(KINDS) == {
        "dataset.import",
        "portraits.plan",
        "portraits.preview",
        "portraits.scores",
        "dataset.inspect",
        "dataset.build",
        "dataset.rebuild",
        "dataset.caption",
        "dataset.class_photos",
        "reg.plan",
        "train.run",
        "train.sweep_page",
        "report.page",
        "search.step",
        "overnight.step",
        "overnight.bell",
        "env.build",
        "env.check",
        "logs.import",
        "env.repair",
        "env.add",
        "grid.plan",
        "grid.scores",
        "grid.report",
    }


def test_a_parameter_that_is_missing_is_named(job: Make) -> None:
    with pytest.raises(JobError, match="without 'run'"):
        KINDS["train.run"](job("train.run", person="ann"))


def test_a_run_gives_the_paths_of_its_saved_models(
    job: Make, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def run_training(folder: Any, reporter: Any, watching: Any) -> list[SimpleNamespace]:
        seen.append((folder.root, reporter))
        return [SimpleNamespace(path=Path("model/e01.safetensors"))]

    monkeypatch.setattr(running, "run_training", run_training)
    context = job("train.run", person="ann", run="First run")
    result = KINDS["train.run"](context)
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
