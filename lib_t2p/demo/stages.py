"""The stages of the demo; each takes the record, does its part once, and gives it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lib_t2p.actions.grids import submit_dataset, submit_grid, submit_photos
from lib_t2p.actions.photos import new_person
from lib_t2p.actions.runs import submit_run
from lib_t2p.cli import follow, follow_all
from lib_t2p.cli_output import Output
from lib_t2p.dataset import DatasetOptions, read_manifest, write_demo_photos
from lib_t2p.demo import demo_settings as settings
from lib_t2p.demo.record import DemoRecord, keep_record
from lib_t2p.grids import GridPlan
from lib_t2p.grids.axes import Axis, GridModel
from lib_t2p.jobs import Job, Queue
from lib_t2p.plurals import counted
from lib_t2p.runs import saved_models
from lib_t2p.workspace import DatasetFolder, PersonFolder, Workspace


@dataclass(frozen=True)
class Demo:
    """What every stage needs."""

    workspace: Workspace
    folder: PersonFolder
    output: Output
    size: settings.DemoSize

    def once(
        self, record: DemoRecord, field: str, submit: Callable[[], Job]
    ) -> tuple[DemoRecord, Job]:
        """Submit a stage's job unless an earlier start did; follow it to its end."""
        job_id = str(getattr(record, field))
        if not job_id:
            job_id = submit().id
            record = keep_record(self.folder, record, **{field: job_id})
        return record, follow(self.workspace, job_id, self.output)


def demo_person(workspace: Workspace, now: datetime) -> PersonFolder:
    """The demo's person, made at the first start."""
    folder = workspace.person(settings.PERSON)
    if folder.record.exists():
        return folder
    return new_person(
        workspace,
        name=settings.PERSON,
        trigger=settings.TRIGGER,
        class_word=settings.CLASS_WORD,
        consent=settings.CONSENT,
        now=now,
    )


def import_stage(demo: Demo, record: DemoRecord) -> DemoRecord:
    """Write the photos and import them."""
    source = write_demo_photos(demo.workspace.root / "demo-photos")

    def submit() -> Job:
        return submit_photos(demo.workspace, demo.folder.slug, [source])

    record, job = demo.once(record, "import_job", submit)
    demo.output.line(
        f"  {counted(job.result['added'], 'photo')} added, {job.result['known']} known already"
    )
    return record


def dataset_stage(demo: Demo, record: DemoRecord) -> tuple[DemoRecord, DatasetFolder]:
    """Build the dataset and name what was left out or repaired, with the reason."""
    options = DatasetOptions(
        resolution=settings.PIXELS, framing=settings.FRAMING, repeats=demo.size.repeats
    )

    def submit() -> Job:
        return submit_dataset(demo.workspace, demo.folder.slug, options)

    record, job = demo.once(record, "build_job", submit)
    dataset = demo.folder.dataset(int(job.result["dataset"]))
    counts = (job.result[key] for key in ("kept", "held_out", "left_out"))
    demo.output.line("  {} kept, {} held out for scoring, {} left out".format(*counts))
    for decision in read_manifest(dataset).decisions:
        if decision.state == "left_out":
            demo.output.line(f"    left out {decision.photo}: {decision.reason}")
        for repair in decision.repaired:
            demo.output.line(f"    repaired {decision.photo}: {repair}")
    return record, dataset


def training_stage(demo: Demo, record: DemoRecord, dataset: DatasetFolder) -> DemoRecord:
    """Train the LoRA with the built-in trainer."""

    def submit() -> Job:
        return submit_run(
            demo.workspace,
            demo.folder.slug,
            record.run,
            recipe=settings.RECIPE,
            overrides=demo.size.overrides,
            checkpoint=settings.BASE,
            dataset=dataset.number,
        )[1]

    record, job = demo.once(record, "run_job", submit)
    for path in job.result["models"]:
        demo.output.line(f"  saved {Path(path).name}")
    return record


def grid_stage(demo: Demo, record: DemoRecord, dataset: DatasetFolder) -> tuple[DemoRecord, Job]:
    """Draw, score and report; gives the finished report job."""
    if not record.grid_jobs:
        plan = grid_plan(demo, record, dataset)
        jobs = submit_grid(demo.workspace, demo.folder.slug, record.grid, plan)
        record = keep_record(demo.folder, record, grid_jobs=tuple(job.id for job in jobs))
    queue = Queue(demo.workspace)
    chain = [queue.get(job_id) for job_id in record.grid_jobs]
    return record, follow_all(demo.workspace, chain, demo.output)[-1]


def grid_plan(demo: Demo, record: DemoRecord, dataset: DatasetFolder) -> GridPlan:
    """Saved models by LoRA weight, at the size of the tiny base."""
    folder, size = demo.folder, demo.size
    saved = saved_models(folder.run(record.run))
    last = len(saved) - 1
    shown = _spread(last, size.epochs_shown)
    models = tuple(
        GridModel(
            path=saved[i].path,
            stem=saved[i].stem,
            label=f"epoch {saved[i].epoch}",
            run=record.run,
            epoch=saved[i].epoch,
        )
        for i in shown
    )
    return GridPlan(
        person=folder.slug,
        dataset=dataset.number,
        checkpoint=str(settings.BASE),
        models=models,
        x=Axis("lora_weight", size.weights),
        y=Axis("saved_model", tuple(model.stem for model in models)),
        prompts=size.prompts,
        seeds=size.seeds,
        negative_prompt="",
        steps=size.steps,
        sampler_name=settings.SAMPLER,
        cfg_scale=size.cfg_scale,
        width=settings.PIXELS,
        height=settings.PIXELS,
        clip_skip=1,
        trigger=settings.TRIGGER,
    )


def _spread(last: int, count: int) -> list[int]:
    """Up to `count` indices from 0 to `last`, evenly spread; the last one is always among them."""
    if count == 1:
        return [last]
    return sorted({round(i * last / (count - 1)) for i in range(count)})
