"""A run that collapsed and recovered keeps which epochs these were."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.plan_files import GridPlan
from lib_t2p.grids.run_marks import marked_stems
from lib_t2p.jobs.queue import Queue
from lib_t2p.worker.marked_runs import mark_run
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import open_workspace


def _events(folder: Path, *, collapsed: bool) -> None:
    from torch.utils.tensorboard import SummaryWriter

    loss = np.random.default_rng(3).lognormal(-2.6, 0.4, 600)
    if collapsed:
        loss[200:300] *= 2.4
    writer = SummaryWriter(str(folder))
    for step, value in enumerate(loss, 1):
        writer.add_scalar("loss/current", float(value), step, walltime=1e9 + step)
        if step % 60 == 0:
            writer.add_scalar("loss/epoch", 0.1, step // 60, walltime=1e9 + step + 0.5)
    writer.close()


def test_a_run_is_marked_and_the_mark_goes_when_the_curve_is_good(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "ws")
    person = create_person(
        workspace,
        Person("NASA", "ohwx", "woman", "NASA's portrait", created="2026-01-01T00:00:00Z"),
    )
    run, queue = person.run("first"), Queue(workspace)
    _events(run.tb, collapsed=True)
    mark_run(queue, run)
    (told,) = json.loads(run.marks.read_text(encoding="utf-8"))["stretches"]
    assert told["code"] == "collapse"
    assert told["epochs"] == [4, 5]
    models = tuple(
        GridModel(run.model / f"e{n}.safetensors", f"e{n}", "", "first", n) for n in (3, 4, 5, 6)
    )
    stems = tuple(model.stem for model in models)
    plan = GridPlan(
        person.slug, 1, "base", models, Axis("saved_model", stems), Axis("lora_weight", (1.0,)),
        ("a",), (1,),
    )  # fmt: skip
    assert list(marked_stems(plan, person.grid("g"))) == ["e4", "e5"]
    for file in run.tb.iterdir():
        file.unlink()
    _events(run.tb, collapsed=False)
    mark_run(queue, run)
    assert not run.marks.exists()
