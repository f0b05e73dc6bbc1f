"""A workspace with a little of everything, in which requests and commands find something."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

from lib_t2p.dataset.manifest import Manifest, PhotoDecision, State, write_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.dataset.survey import Survey, SurveyedPerson, SurveyedPhoto, write_survey
from lib_t2p.dataset.thresholds import FaceNumbers
from lib_t2p.grids.axes.axes import Axis, GridModel
from lib_t2p.grids.cells.cells import expand as expand_cells
from lib_t2p.grids.cells.cells import write_cells
from lib_t2p.grids.plan_files import GridPlan, write_plan
from lib_t2p.hosts.standalone.studio_host import TINY_BASE
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.request import CellRequest
from lib_t2p.portraits.places import picture_path
from lib_t2p.portraits.plan import PortraitPlan, write_portraits
from lib_t2p.runs.runs import Run, create_run
from lib_t2p.settings.recipes import load_recipe
from lib_t2p.settings.settings import settings_from
from lib_t2p.sweeps.points import Point
from lib_t2p.sweeps.storing import write_sweep
from lib_t2p.sweeps.sweep import Sweep, checked_sweep
from lib_t2p.sweeps.sweep_axes import axis_of
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace
from lib_t2p.workspace.series_folders import portraits_folder

PERSON, RUN, GRID, SWEEP, SERIES = "ann", "first", "g", "ranks", "p"
PICTURE = "000001"
PHOTOS = ("a.jpg", "b ä.jpg")
STEMS = ("t2p_ann_first_e01", "t2p_ann_first_e02")


@contextmanager
def no_worker() -> Iterator[None]:
    """Nothing that is queued is begun."""
    with mock.patch("lib_t2p.jobs.starting._ensure", lambda *_: None):
        yield


def planted_workspace(folder: Path, template: Path) -> Workspace:
    """A workspace of its own, copied from the template, which the first call makes."""
    if not template.exists():
        partial = template.with_name(template.name + ".new")
        shutil.rmtree(partial, ignore_errors=True)
        plant(partial)
        partial.rename(template)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return open_workspace(folder)


def plant(root: Path) -> Workspace:
    """Make a person with photos, a dataset, a run, a sweep, a grid, a series and a job."""
    workspace = open_workspace(root)
    who = Person("Ann", "ohwx", "woman", "she said yes", "2026-01-01T00:00:00+00:00")
    person = create_person(workspace, who)
    _photos(person)
    _run(person)
    _grid(person)
    _sweep(person)
    picture = CellRequest("photo of {trigger} {a|b}", 1, str(TINY_BASE), width=64, height=64)
    series = portraits_folder(person, SERIES)
    write_portraits(series, PortraitPlan(PERSON, 1, picture, count=2))
    painted = picture_path(series, PICTURE)
    painted.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 64)).save(painted)
    for kind in ("dataset.rebuild", "dataset.sheet"):
        Queue(workspace).submit(kind, {"person": PERSON}, lane="light", person=PERSON)
    return workspace


def _photos(person: PersonFolder) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (640, 640, 3), np.uint8)
    dataset = person.dataset(1)
    drawn = (dataset.img / "10_ohwx woman" / "a.png", dataset.heldout / "h.png")
    for path in (*(person.photos / name for name in PHOTOS), *drawn):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noise).save(path)
    seen = tuple(_seen(name) for name in PHOTOS)
    write_survey(person, Survey(seen, (SurveyedPerson((PHOTOS[0], 0), len(PHOTOS)),), 0))
    states: tuple[State, ...] = ("kept", "held_out")
    decisions = tuple(
        PhotoDecision(name, state, crop=(0.0, 0.0, 512.0, 512.0), file=f"{state}/{name}")
        for name, state in zip(PHOTOS, states, strict=True)
    )
    write_manifest(
        dataset, Manifest("ohwx", "woman", DatasetOptions(), "dlib", "dlib", False, decisions)
    )


def _seen(name: str) -> SurveyedPhoto:
    numbers = FaceNumbers(200.0, 120.0, 0.0, 90.0, 30.0, 0.0, 0.3, True)
    box = (220.0, 200.0, 420.0, 400.0)
    return SurveyedPhoto(name, width=640, height=640, faces=(box,), face=0, numbers=numbers)


def _run(person: PersonFolder) -> None:
    settings = settings_from(load_recipe("demo").values)
    made = Run(PERSON, RUN, 1, str(TINY_BASE), "builtin", settings, "ohwx", "woman")
    run = create_run(person, made)
    run.model.mkdir(parents=True)
    for epoch, stem in enumerate(STEMS, 1):
        told = {"ss_epoch": str(epoch), "ss_steps": str(epoch)}
        tensors = {"lora_unet_x.lora_down.weight": np.zeros((1, 2), np.float32)}
        save_file(tensors, run.model / f"{stem}.safetensors", told)


def _grid(person: PersonFolder) -> None:
    run = person.run(RUN)
    models = tuple(GridModel(run.model / f"{s}.safetensors", s, label=s, run=RUN) for s in STEMS)
    plan = GridPlan(
        person=PERSON,
        dataset=1,
        checkpoint=str(TINY_BASE),
        models=models,
        x=Axis("lora_weight", (0.5, 1.0)),
        y=Axis("saved_model", STEMS),
        prompts=("photo of {trigger}",),
        seeds=(1,),
        trigger="ohwx",
        width=64,
        height=64,
    )
    write_plan(person.grid(GRID), plan)
    write_cells(person.grid(GRID), expand_cells(plan, person))


def _sweep(person: PersonFolder) -> None:
    base = Point({**load_recipe("demo").values, "network_dim": 8, "seed": 1}, 1, str(TINY_BASE))
    axes = (axis_of("network_dim", [4, 8]),)
    sweep = checked_sweep(Sweep(SWEEP, PERSON, "Ranks", base, axes, mode="one_at_a_time"))
    write_sweep(person.sweep(SWEEP), sweep)
