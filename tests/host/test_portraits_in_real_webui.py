"""Portraits planned and scored here, painted by the real WebUI that T2P_WEBUI names.

Wants a checkpoint of an SD1.5 shape in T2P_WEBUI_CHECKPOINT.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from PIL import Image
from real_webui import Running

from lib_t2p.generation.portraits import chain
from lib_t2p.generation.portraits.choices import Choices, write_choices
from lib_t2p.generation.portraits.inputs import with_inputs_kept
from lib_t2p.generation.portraits.places import find_picture
from lib_t2p.generation.portraits.plan import PortraitPlan, write_portraits
from lib_t2p.generation.portraits.rounds import all_pictures
from lib_t2p.generation.portraits.state import COMPLETE, read_state
from lib_t2p.jobs.context import JobContext
from lib_t2p.jobs.job import ACTIVE, JobState
from lib_t2p.jobs.performing import perform
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.extensions import ControlUnit, controlnet_call
from lib_t2p.painting.infotext import read_png_infotext
from lib_t2p.painting.request import CellRequest, HiresFix, StartPicture
from lib_t2p.people import Person, create_person
from lib_t2p.worker.table import KINDS
from lib_t2p.workspace import PersonFolder, Workspace, open_workspace
from lib_t2p.workspace_portraits import PortraitsFolder, portraits_folder

pytestmark = [pytest.mark.host, pytest.mark.slow]
LIMIT_SECONDS = 300.0


@pytest.fixture(scope="module")
def checkpoint() -> str:
    named = os.environ.get("T2P_WEBUI_CHECKPOINT")
    if not named:
        pytest.skip("T2P_WEBUI_CHECKPOINT names no checkpoint")
    return str(Path(named).absolute())


@pytest.fixture(scope="module")
def workspace(running: Running) -> Workspace:
    return open_workspace(running.data / "my people")


@pytest.fixture(scope="module")
def person(workspace: Workspace) -> PersonFolder:
    now = datetime(2026, 1, 2, tzinfo=timezone.utc).isoformat()
    return create_person(workspace, Person("Zoë", "ohwx", "woman", "drawn", now))


def paint(
    workspace: Workspace, person: PersonFolder, name: str, plan: PortraitPlan
) -> PortraitsFolder:
    """Do the worker's jobs here until the series is over; the WebUI does the painter's."""
    series, queue = portraits_folder(person, name), Queue(workspace)
    write_portraits(series, with_inputs_kept(series, plan))
    write_choices(series, Choices())
    chain.queue_first(queue, person, series, 1)
    _work_until(queue, workspace, lambda: not chain.jobs_of(queue, person, series, ACTIVE))
    return series


def _work_until(queue: Queue, workspace: Workspace, is_over: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT_SECONDS
    while not is_over():
        job = queue.claim(["light"], "worker")
        if job is not None:
            perform(JobContext(job, workspace, queue), KINDS[job.kind])
        assert time.monotonic() < end, [(j.kind, j.state, j.reason) for j in queue.jobs()]


def plan_of(person: PersonFolder, checkpoint: str, prompt: str, count: int) -> PortraitPlan:
    request = CellRequest(
        prompt, 7, checkpoint, steps=1, sampler_name="Euler a", width=64, height=64
    )
    return PortraitPlan(person.slug, 0, request, count=count, batch=2)


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(io.BytesIO(path.read_bytes())) as picture:
        return picture.size


def test_four_portraits_with_wildcards_are_painted_scored_and_sorted(
    workspace: Workspace, person: PersonFolder, checkpoint: str
) -> None:
    prompt = "{trigger} {red|blue}, __style/framing__ <width:{64|128}>"
    plan = plan_of(person, checkpoint, prompt, 4)
    series = paint(workspace, person, "four", plan)
    assert read_state(series).ended == COMPLETE, _reasons(workspace)
    pictures = all_pictures(series)
    assert len(pictures) == 4
    for one in pictures:
        path = find_picture(series, one.id)
        assert path is not None, _reasons(workspace)
        # Pictures of random weights show nobody.
        assert path.parent == series.bin
        assert size_of(path) == (one.request.width, 64)
        infotext = read_png_infotext(path)
        assert infotext is not None
        assert infotext.prompt == one.request.prompt
        assert infotext.parameters["Seed"] == str(one.request.seed)


def test_hires_fix_and_img2img_are_the_webuis(
    workspace: Workspace, person: PersonFolder, checkpoint: str, tmp_path: Path
) -> None:
    plan = plan_of(person, checkpoint, "{trigger}", 1)
    larger = replace(plan.request, hires=HiresFix(1.5, "Latent", 1, 0.5))
    series = paint(workspace, person, "hires", replace(plan, request=larger))
    (one,) = all_pictures(series)
    path = find_picture(series, one.id)
    assert path is not None, _reasons(workspace)
    assert size_of(path) == (96, 96)
    start = tmp_path / "stärt.png"
    Image.linear_gradient("L").convert("RGB").save(start)
    begun = replace(plan.request, start=StartPicture(str(start), "", 0.5))
    series = paint(workspace, person, "img2img", replace(plan, request=begun))
    path = find_picture(series, all_pictures(series)[0].id)
    assert path is not None, _reasons(workspace)
    infotext = read_png_infotext(path)
    assert infotext is not None
    assert infotext.parameters["Denoising strength"] == "0.5"


def test_a_model_of_controlnet_that_is_not_there_is_named(
    workspace: Workspace, person: PersonFolder, checkpoint: str, tmp_path: Path
) -> None:
    pose = tmp_path / "pose.png"
    Image.new("RGB", (64, 64)).save(pose)
    plan = plan_of(person, checkpoint, "{trigger}", 1)
    call = controlnet_call([ControlUnit("gone [0]", picture=str(pose))])
    series = paint(
        workspace, person, "pose", replace(plan, request=replace(plan.request, scripts=(call,)))
    )
    (job,) = [j for j in Queue(workspace).jobs(kind=chain.CELLS) if j.params["portraits"] == "pose"]
    assert job.state is JobState.FAILED
    assert "ControlNet" in job.reason
    assert read_state(series).ended == job.reason


def _reasons(workspace: Workspace) -> list[str]:
    return [f"{job.kind}: {job.reason}" for job in Queue(workspace).jobs() if job.reason]
