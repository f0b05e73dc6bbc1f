"""Acts that a person does in the tabs, done through the same actions, beside a real WebUI."""

from __future__ import annotations

import base64
import io
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image
from real_webui import Running

from lib_t2p.actions.grids.submit import submit_grid
from lib_t2p.actions.runs.training_runs import submit_run
from lib_t2p.cli.job_progress import OVER, follow
from lib_t2p.cli_output import Output
from lib_t2p.grids.plan_files import Axis, GridModel, GridPlan
from lib_t2p.jobs.job import Job
from lib_t2p.jobs.queue import Queue
from lib_t2p.runs.runs import SavedModel
from lib_t2p.workspace.person import PersonFolder, Workspace

LIMIT_SECONDS = 400.0
POLL_SECONDS = 0.05
PIXELS = 64
FOUR_STEPS: dict[str, Any] = {
    "resolution": f"{PIXELS},{PIXELS}",
    "network_dim": 4,
    "network_alpha": 4.0,
    "network_args": [],
    "max_train_steps": 4,
    "max_train_epochs": None,
    "save_every_n_epochs": None,
    "train_batch_size": 1,
    # More of it makes a network of random weights overflow.
    "learning_rate": 1e-5,
    "save_state": False,
}
"""A training of seconds, even of a full-size checkpoint on a processor."""


@dataclass(frozen=True)
class Story:
    """What the acts are done with."""

    running: Running
    workspace: Workspace
    person: PersonFolder
    checkpoint: Path

    @property
    def queue(self) -> Queue:
        return Queue(self.workspace)

    def follow(self, job: Job) -> Job:
        """Wait until a job is finished; its reason is raised when it ends otherwise."""
        return follow(self.workspace, job.id, Output(io.StringIO()))

    def ended(self, job: Job) -> Job:
        """Wait until a job is over, however it ends."""
        wait_for(lambda: self.queue.get(job.id).state in OVER, job.kind)
        return self.queue.get(job.id)

    def train(self, name: str, trainer: str = "builtin", **changed: Any) -> Job:
        """Queue a training of four steps."""
        return submit_run(
            self.workspace,
            self.person.slug,
            name,
            recipe="demo",
            overrides={**FOUR_STEPS, **changed},
            checkpoint=self.checkpoint,
            dataset=1,
            trainer=trainer,
        )[1]

    def grid(
        self,
        name: str,
        models: Sequence[SavedModel],
        weights: tuple[float, ...],
        *,
        checkpoint: Path | None = None,
        steps: int = 1,
    ) -> list[Job]:
        """Queue saved models by weights: one prompt, one seed."""
        chosen = tuple(GridModel(m.path, m.stem, m.stem, m.path.stem, m.epoch) for m in models)
        plan = GridPlan(
            person=self.person.slug,
            dataset=1,
            checkpoint=str(checkpoint or self.checkpoint),
            models=chosen,
            x=Axis("lora_weight", weights),
            y=Axis("saved_model", tuple(m.stem for m in chosen)),
            prompts=("photo of {trigger} woman",),
            seeds=(5,),
            negative_prompt="",
            steps=steps,
            sampler_name="Euler a",
            cfg_scale=2.0,
            width=PIXELS,
            height=PIXELS,
            clip_skip=1,
            trigger="ohwx",
        )
        return submit_grid(self.workspace, self.person.slug, name, plan)

    def picture(self) -> Any:
        """The pixels of a picture of the WebUI's own, always of the same request."""
        body = {"prompt": "a cat", "seed": 3, "steps": 1, "width": PIXELS, "height": PIXELS}
        answer = post(self.running, "/sdapi/v1/txt2img", {**body, "sampler_name": "Euler"})
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(answer["images"][0]))))

    def megabytes(self) -> float:
        """Memory of the WebUI's process."""
        return psutil.Process(self.running.process.pid).memory_info().rss / 2**20


def post(running: Running, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask the WebUI's own interface."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{running.port}{path}",
        json.dumps(body or {}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
        return json.load(answer)


def wait_for(is_so: Callable[[], bool], what: str, limit: float = LIMIT_SECONDS) -> None:
    """Look again and again until something is so.

    Raises:
        AssertionError: not within `limit` seconds.
    """
    end = time.monotonic() + limit
    pause = threading.Event()
    while not is_so():
        assert time.monotonic() < end, f"{what}: not within {limit:.0f} s"
        # Who is waited for needs the processor more.
        pause.wait(POLL_SECONDS)
