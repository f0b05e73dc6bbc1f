"""Portraits planned and scored here, painted by the real WebUI that T2P_WEBUI names.

Wants a checkpoint of an SD1.5 shape in T2P_WEBUI_CHECKPOINT.
"""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from PIL import Image
from portrait_acts import WILD, paint, plan_of, reasons
from real_webui import Running

from lib_t2p.jobs.job import JobState
from lib_t2p.jobs.queue import Queue
from lib_t2p.painting.extensions import ControlUnit, controlnet_call
from lib_t2p.painting.infotext import read_png_infotext
from lib_t2p.painting.request import HiresFix, StartPicture
from lib_t2p.portraits import series_chain as chain
from lib_t2p.portraits.places import find_picture
from lib_t2p.portraits.rounds import all_pictures
from lib_t2p.portraits.state import COMPLETE, read_state
from lib_t2p.workspace.people import Person, create_person
from lib_t2p.workspace.person import PersonFolder, Workspace, open_workspace

pytestmark = [pytest.mark.host, pytest.mark.slow]


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


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(io.BytesIO(path.read_bytes())) as picture:
        return picture.size


def test_four_portraits_with_wildcards_are_painted_scored_and_sorted(
    workspace: Workspace, person: PersonFolder, checkpoint: str
) -> None:
    plan = plan_of(person, checkpoint, WILD, 4)
    series = paint(workspace, person, "four", plan)
    assert read_state(series).ended == COMPLETE, reasons(workspace)
    pictures = all_pictures(series)
    assert len(pictures) == 4
    for one in pictures:
        path = find_picture(series, one.id)
        assert path is not None, reasons(workspace)
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
    assert path is not None, reasons(workspace)
    assert size_of(path) == (96, 96)
    start = tmp_path / "stärt.png"
    Image.linear_gradient("L").convert("RGB").save(start)
    begun = replace(plan.request, start=StartPicture(str(start), "", 0.5))
    series = paint(workspace, person, "img2img", replace(plan, request=begun))
    path = find_picture(series, all_pictures(series)[0].id)
    assert path is not None, reasons(workspace)
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
