from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lib_t2p.dataset.crop_planning import PhotoFaces, PlannedCrop, plan_crops
from lib_t2p.dataset.enlarging import with_lanczos
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import InputError
from lib_t2p.jobs.events.events import EventReader, Warned
from lib_t2p.jobs.heartbeats import Heartbeats
from lib_t2p.jobs.host_requests import HostRequests
from lib_t2p.jobs.job_context import JobContext
from lib_t2p.jobs.processes.processes import current_process
from lib_t2p.jobs.queue import Queue
from lib_t2p.vision.photo_files.images import OpenedPhoto
from lib_t2p.vision.results import Box
from lib_t2p.worker.host_help import HostHelp
from lib_t2p.workspace.person import Workspace

OPENED = OpenedPhoto(
    np.random.default_rng(1).integers(0, 255, (90, 120, 3)).astype(np.uint8), 120, 90, "PNG", ()
)


@pytest.fixture
def context(workspace: Workspace) -> JobContext:
    queue = Queue(workspace)
    queue.submit("dataset.build", {}, lane="light", person="ada")
    job = queue.claim(["light"], "test")
    assert job is not None
    return JobContext(job, workspace, queue)


def planned() -> PlannedCrop:
    options = DatasetOptions(resolution=128, small_photos="enlarge")
    found = plan_crops(PhotoFaces(120, 90, Box(40, 30, 70, 60)), options)
    assert isinstance(found, tuple)
    return found[0]


def host(
    workspace: Workspace, act: Callable[[str, dict[str, Any]], str]
) -> Callable[[float], None]:
    """A WebUI that answers whenever the worker waits."""
    Heartbeats(workspace).beat("host", current_process(), "1")

    def answer(_: float) -> None:
        requests = HostRequests(workspace)
        for one in requests.waiting(60.0):
            requests.answer(one.id, act(one.kind, one.details))

    return answer


def warnings(context: JobContext) -> list[str]:
    events = EventReader(context.workspace.job(context.job.id).events).read_new()
    return [event.message for event in events if isinstance(event, Warned)]


def test_the_webuis_upscaler_draws_small_crops(workspace: Workspace, context: JobContext) -> None:
    def act(kind: str, details: dict[str, Any]) -> str:
        assert (kind, details["upscaler"]) == ("upscale", "4x-Faces")
        with Image.open(details["source"]) as source:
            assert source.size == (90, 90)
        Image.new("RGB", (details["width"], details["height"]), (1, 2, 3)).save(details["target"])
        return ""

    helper = HostHelp(context, sleep=host(workspace, act))
    drawn = helper.enlarger("4x-Faces")(OPENED, planned())
    assert drawn.upscaler == "4x-Faces"
    assert drawn.picture.shape == (128, 128, 3)
    assert (drawn.picture == (1, 2, 3)).all()
    assert list((workspace.cache / "host_help").iterdir()) == []


@pytest.mark.parametrize("size", [None, (5, 5)])
def test_without_a_good_answer_lanczos_draws_and_it_is_told_once(
    workspace: Workspace, context: JobContext, size: tuple[int, int] | None
) -> None:
    def act(kind: str, details: dict[str, Any]) -> str:
        if size is None:
            return "It is broken."
        Image.new("RGB", size).save(details["target"])
        return ""

    enlarge = HostHelp(context, sleep=host(workspace, act)).enlarger("x")
    for _ in range(2):
        drawn = enlarge(OPENED, planned())
        assert (drawn.picture == with_lanczos(OPENED, planned()).picture).all()
        assert drawn.upscaler == ""
    assert len(warnings(context)) == 1


def test_without_a_webui_lanczos_draws(context: JobContext) -> None:
    drawn = HostHelp(context).enlarger("x")(OPENED, planned())
    assert (drawn.picture == with_lanczos(OPENED, planned()).picture).all()
    assert "No WebUI is open" in warnings(context)[0]
    with pytest.raises(InputError, match="No WebUI is open"):
        HostHelp(context).describer()


def test_the_interrogators_sentence_becomes_a_caption(
    workspace: Workspace, context: JobContext
) -> None:
    def act(kind: str, details: dict[str, Any]) -> str:
        Path(details["target"]).write_text("a woman with red hair in a car, by X, 4k", "utf-8")
        return ""

    describe = HostHelp(context, sleep=host(workspace, act)).describer()
    assert describe(OPENED.picture) == "{token} {class} in a car"
