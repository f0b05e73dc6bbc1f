"""The small real work of a trial: a person with a dataset, a run of few steps, a grid of few cells.

The states of the workspace before each part are kept, and put back at the same path for each trial.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from lib_t2p.actions.grids.submit import submit_dataset, submit_grid, submit_photos
from lib_t2p.actions.photos.new_people import new_person
from lib_t2p.actions.runs.training_runs import submit_run
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.sample_photos import write_demo_photos
from lib_t2p.demo import demo_settings as settings
from lib_t2p.grids.plan_files import Axis, GridModel, GridPlan
from lib_t2p.jobs.job import Job
from lib_t2p.runs.runs import saved_models
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace

Part = Literal["training", "painting"]
RUN, GRID = "first", "first"
TRAINING: dict[str, object] = {
    "max_train_epochs": 3,
    "save_every_n_epochs": 1,
    "save_every_n_steps": None,
    "network_dim": 4,
    "network_alpha": 4.0,
    "network_args": [],
    "train_batch_size": 4,
}
STEPS, WEIGHTS, SEEDS = 6, (0.7, 1.0), (11, 12)


@dataclass(frozen=True)
class Material:
    """Where the states of the workspace are kept.

    Attributes:
        scratch: folder of the benchmark.
        hooks: what the processes of a trial are told (see `shim`).
    """

    scratch: Path
    hooks: Path

    @property
    def root(self) -> Path:
        """The workspace of every trial, one after the other."""
        return self.scratch / "workspace"

    def kept(self, part: Part) -> Path:
        """The workspace as it is before a part."""
        return self.scratch / f"before-{part}"

    def keep(self, part: Part) -> None:
        """Remember the workspace as it is now."""
        shutil.copytree(self.root, self.kept(part), symlinks=True)

    def restore(self, part: Part) -> Workspace:
        """Put the workspace back as it was before a part."""
        for told in self.hooks.iterdir():
            told.unlink()
        self.root.mkdir(parents=True, exist_ok=True)
        for path in self.root.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        shutil.copytree(self.kept(part), self.root, symlinks=True, dirs_exist_ok=True)
        return open_workspace(self.root)


def begin(material: Material) -> list[Job]:
    """Make the person and submit photos and dataset."""
    workspace = open_workspace(material.root)
    new_person(
        workspace,
        name=settings.PERSON,
        trigger=settings.TRIGGER,
        class_word=settings.CLASS_WORD,
        consent=settings.CONSENT,
        now=datetime.now().astimezone(),
    )
    photos = write_demo_photos(material.scratch / "photos")
    slug = person_of(workspace).slug
    added = submit_photos(workspace, slug, [photos])
    options = DatasetOptions(resolution=settings.PIXELS, framing=settings.FRAMING, repeats=2)
    return [added, submit_dataset(workspace, slug, options, needs=[added.id])]


def submit(workspace: Workspace, part: Part) -> list[Job]:
    """Submit the work of a part, as a page or a command does."""
    person = person_of(workspace)
    if part == "training":
        run = submit_run(
            workspace,
            person.slug,
            RUN,
            recipe=settings.RECIPE,
            overrides=TRAINING,
            checkpoint=settings.BASE,
            dataset=1,
        )
        return [run[1]]
    return submit_grid(workspace, person.slug, GRID, plan_of(person))


def plan_of(person: PersonFolder) -> GridPlan:
    """Saved models by LoRA weight."""
    models = tuple(
        GridModel(path=m.path, stem=m.stem, label=f"epoch {m.epoch}", run=RUN, epoch=m.epoch)
        for m in saved_models(person.run(RUN))[-2:]
    )
    return GridPlan(
        person=person.slug,
        dataset=1,
        checkpoint=str(settings.BASE),
        models=models,
        x=Axis("lora_weight", WEIGHTS),
        y=Axis("saved_model", tuple(model.stem for model in models)),
        prompts=("photo of {trigger} woman",),
        seeds=SEEDS,
        steps=STEPS,
        sampler_name=settings.SAMPLER,
        cfg_scale=2.0,
        width=settings.PIXELS,
        height=settings.PIXELS,
        trigger=settings.TRIGGER,
    )


def person_of(workspace: Workspace) -> PersonFolder:
    """The one of every trial."""
    return workspace.person(settings.PERSON)
