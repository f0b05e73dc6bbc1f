"""A worker and a painter that do nothing but what a search looks at: models and scores."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lib_t2p.files import write_bytes
from lib_t2p.grids.plan_files import read_plan
from lib_t2p.jobs.job import Job
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.runs.runs import read_run
from lib_t2p.scores.verdict.scores import CellScore, RealPhotos, Scores, write_scores
from lib_t2p.worker.search_jobs import search_job
from lib_t2p.workspace.person import GridFolder, PersonFolder, Workspace


@dataclass
class Pretender:
    """Does the queued jobs one by one.

    Attributes:
        workspace: whose jobs.
        quality: network_dim -> distance of its last epoch.
        failing: network_dim of runs whose training fails.
        trained: epochs that were trained, by run.
        grids: ids of the grids that were scored.
    """

    workspace: Workspace
    quality: Mapping[int, float]
    failing: frozenset[int] = frozenset()
    trained: dict[str, int] = field(default_factory=dict)
    grids: list[str] = field(default_factory=list)

    def do_all(self, most: int = 500) -> None:
        for _ in range(most):
            if not self.do_one():
                return
        raise AssertionError("the jobs never end")

    def do_one(self) -> bool:
        queue = Queue(self.workspace)
        job = queue.claim(["light", "gpu", "paint"], "pretender")
        if job is None:
            return False
        self._do(queue, job)
        return True

    def _do(self, queue: Queue, job: Job) -> None:
        person = self.workspace.person(job.person)
        if job.kind == "search.step":
            perform(JobContext(job, self.workspace, queue), search_job)
        elif job.kind == "train.run":
            self._train(queue, job, person)
        else:
            if job.kind == "grid.scores":
                self._score(person.grid(str(job.params["grid"])))
            queue.finish(job.id, {})

    def _train(self, queue: Queue, job: Job, person: PersonFolder) -> None:
        folder = person.run(str(job.params["run"]))
        run = read_run(folder)
        if run.settings.network_dim in self.failing:
            queue.fail(job.id, "out of memory")
            return
        total = run.settings.max_train_epochs or 1
        until = int(job.params.get("until_epoch", total))
        for epoch in range(self.trained.get(folder.id, 0) + 1, until + 1):
            write_lora(folder.model / f"{folder.id}_e{epoch:02d}.safetensors", epoch)
        self.trained[folder.id] = until
        if until < total:
            queue.stopped(job.id, "paused")
        else:
            queue.finish(job.id, {})

    def _score(self, grid: GridFolder) -> None:
        plan = read_plan(grid)
        self.grids.append(grid.id)
        cells = []
        for model in plan.models:
            rank = read_run(self.workspace.person(plan.person).run(model.run)).settings.network_dim
            for prompt in range(len(plan.prompts)):
                for seed in plan.seeds:
                    # All models come nearer with each epoch, the better ones faster.
                    distance = 0.9 - (0.9 - self.quality[rank]) * model.epoch / 10
                    cells.append(cell(model.stem, prompt, seed, distance))
        real = RealPhotos(2, 4, 0, (0.4,), (0.3,), False)
        scores = Scores("nobody", "d", "e", 0.6, "r", real, tuple(cells))
        write_scores(grid, scores)


def cell(stem: str, prompt: int, seed: int, distance: float) -> CellScore:
    name = f"{stem}-{prompt}-{seed}"
    return CellScore(name, stem, 1.0, prompt, seed, 1, (distance,), distance, 0.5, 1.0, name)


LAYER = "lora_unet_down_blocks_0_attentions_0_proj_in"


def write_lora(path: Path, epoch: int) -> None:
    header: dict[str, Any] = {
        "__metadata__": {"ss_epoch": str(epoch), "ss_steps": str(epoch * 2)},
        f"{LAYER}.lora_down.weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
    }
    body = json.dumps(header).encode()
    write_bytes(path, struct.pack("<Q", len(body)) + body + b"\0\0\0\0")
