"""Keeps a worker busy: photos come in, are looked at and built, short runs, small grids, pages."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from PIL import Image

from lib_t2p.actions.grids.submit import submit_dataset, submit_grid, submit_photos
from lib_t2p.actions.photos.datasets import submit_inspection
from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.actions.runs.training_runs import submit_run
from lib_t2p.actions.sweeps.report_pages import report_on_person
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.demo import demo_settings as settings
from lib_t2p.errors import T2PError
from lib_t2p.grids.plan_files import Axis, GridModel, GridPlan
from lib_t2p.jobs.job import JobState
from lib_t2p.jobs.queue import Job, Queue
from lib_t2p.runs.runs import saved_models
from lib_t2p.workspace.person import PersonFolder, Workspace

PERSON = "Busy"
SHORT = {"max_train_epochs": 1, "save_every_n_epochs": 1, "network_dim": 4, "network_alpha": 4}
LOOK = 2.0
"""Seconds between two looks at what is at work."""
_LOG = logging.getLogger(__name__)


class Work:
    """Submits one thing after the other until it is over; a context manager.

    Args:
        workspace: whose worker is kept busy.
        scratch: for the photos that come in.

    Attributes:
        ended: how many jobs ended, by kind and state.
    """

    def __init__(self, workspace: Workspace, scratch: Path) -> None:
        self._workspace = workspace
        self._scratch = scratch
        self._queue = Queue(workspace)
        self._person = new_person(
            workspace,
            name=PERSON,
            trigger=settings.TRIGGER,
            class_word=settings.CLASS_WORD,
            consent=settings.CONSENT,
            now=datetime(2026, 1, 2, tzinfo=timezone.utc),
        )
        self.ended: Counter[tuple[str, str]] = Counter()
        self.reasons: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Work:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        source = write_demo_photos(self._scratch / "photos")
        self._submit(lambda: [submit_photos(self._workspace, self._person.slug, [source])])
        number = 0
        while not self._over.is_set():
            number += 1
            self._round(number)

    def _round(self, number: int) -> None:
        workspace, slug = self._workspace, self._person.slug
        more = _more_photos(self._scratch, number)
        options = DatasetOptions(resolution=settings.PIXELS, framing=settings.FRAMING, repeats=1)
        self._submit(lambda: [submit_photos(workspace, slug, [more])])
        self._submit(lambda: [submit_inspection(workspace, slug)])
        self._submit(lambda: [submit_dataset(workspace, slug, options)])
        if number % 2:
            self._submit(lambda: [self._short_run(number)])
            self._submit(lambda: self._small_grid(number))
        self._submit(lambda: [report_on_person(workspace, slug)])

    def _short_run(self, number: int) -> Job:
        return submit_run(
            self._workspace,
            self._person.slug,
            f"run-{number}",
            recipe=settings.RECIPE,
            overrides=SHORT,
            checkpoint=settings.BASE,
        )[1]

    def _small_grid(self, number: int) -> list[Job]:
        folder = self._person
        saved = saved_models(folder.run(f"run-{number}"))[-1]
        model = GridModel(saved.path, saved.stem, f"epoch {saved.epoch}", f"run-{number}", 1)
        plan = _plan(folder, model)
        return submit_grid(self._workspace, folder.slug, f"grid-{number}", plan)

    def _submit(self, submit: Callable[[], list[Job]]) -> None:
        """Submit and wait until it is over; a refusal is kept and costs only itself."""
        if self._over.is_set():
            return
        try:
            jobs = submit()
        except (T2PError, IndexError) as error:
            self.reasons.append(str(error))
            return
        waiting = [job.id for job in jobs]
        while waiting and not self._over.wait(LOOK):
            now = [self._queue.get(job) for job in waiting]
            for job in now:
                if job.is_over:
                    self.ended[job.kind, job.state.value] += 1
                if job.state is JobState.FAILED:
                    self.reasons.append(f"{job.kind}: {job.reason}")
            waiting = [job.id for job in now if not job.is_over]


def _more_photos(scratch: Path, number: int) -> Path:
    """A folder with three photos that were not there before."""
    folder = scratch / f"more-{number}"
    folder.mkdir()
    for turn, path in enumerate(sorted((scratch / "photos").glob("portrait-*.jpg"))[:3]):
        with Image.open(path) as opened:
            cut = 4 + (number * 3 + turn) % 60
            box = (cut, cut // 2, opened.width - cut // 3, opened.height - cut)
            opened.crop(box).save(folder / f"more-{number}-{turn}.jpg", quality=80 + turn)
    return folder


def _plan(folder: PersonFolder, model: GridModel) -> GridPlan:
    return GridPlan(
        person=folder.slug,
        dataset=folder.datasets()[-1].number,
        checkpoint=str(settings.BASE),
        models=(model,),
        x=Axis("lora_weight", (0.7, 1.0)),
        y=Axis("saved_model", (model.stem,)),
        prompts=("photo of {trigger} woman",),
        seeds=(11, 12),
        negative_prompt="",
        steps=4,
        sampler_name=settings.SAMPLER,
        cfg_scale=2.0,
        width=settings.PIXELS,
        height=settings.PIXELS,
        clip_skip=1,
        trigger=settings.TRIGGER,
    )
